package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.bulk.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fetches an audit pack file by file. Every file is checked against the listing's digest before it
 * stays.
 */
public final class PackDownload {
  /** What was fetched. */
  public record Pack(String folder, int files, long bytes) {}

  private PackDownload() {}

  /** Fetches into {@code folder}, which is made, and must be empty. */
  public static Pack into(Path folder, FederationClient client, Terminal terminal)
      throws IOException, ProblemException, UnreachableException, InvalidInputException {
    Files.createDirectories(folder);
    try (Stream<Path> present = Files.list(folder)) {
      if (present.findAny().isPresent()) {
        throw new InvalidInputException(
            folder + ": not empty; a pack is never mixed with other files");
      }
    }
    List<JsonNode> files = new ArrayList<>();
    client.get("/api/v1/audit/pack").path("files").forEach(files::add);
    long total = 0;
    int done = 0;
    for (JsonNode file : files) {
      String path = file.path("path").asText();
      Path target = folder.resolve(path).normalize();
      // The listing is a stranger's word: it may not write outside the folder.
      if (!target.startsWith(folder.normalize())
          || !path.matches("[A-Za-z0-9._/-]+")
          || path.contains("..")) {
        throw new InvalidInputException("the server lists a file outside the pack: " + path);
      }
      client.download("/api/v1/audit/pack/" + path, target);
      String digest = Digests.sha256(Files.readAllBytes(target)).toString();
      if (!digest.equals(file.path("sha256").asText())) {
        throw new InvalidInputException(
            path + ": arrived altered (" + digest + " is not the listing's digest)");
      }
      total += Files.size(target);
      terminal.bar("audit pack", ++done, files.size(), path);
    }
    return new Pack(folder.toString(), files.size(), total);
  }
}
