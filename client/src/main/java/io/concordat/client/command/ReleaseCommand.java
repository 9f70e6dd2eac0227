package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.terminal.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat release ...}: what jobs gave. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = "List and fetch released models and statistics.",
    footer = {
      "",
      "Examples:",
      "  concordat release get 3f9a1c20be41 -o model.json",
      "  concordat release claims 3f9a1c20be41 -o claims.html"
    })
public final class ReleaseCommand {
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List releases, newest first.")
  int list(@Mixin ServerOptions server, @Mixin Output output) throws Exception {
    try (FederationClient client = server.connect()) {
      List<JsonNode> releases = client.all("/api/v1/releases");
      if (output.json) {
        output.printJson(releases);
        return ExitStatus.DONE;
      }
      Table table = new Table("release", "job", "kind", "released");
      for (JsonNode release : releases) {
        table.row(
            release.path("id").asText(),
            release.path("name").asText(release.path("job").asText()),
            release.path("kind").asText(),
            release.path("releasedAt").asText());
      }
      table.print(output.terminal());
      return ExitStatus.DONE;
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one release.")
  int show(
      @Parameters(paramLabel = "RELEASE") String release,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      output.printJson(client.get("/api/v1/releases/" + release));
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Fetch a release's model or statistics.")
  int get(
      @Parameters(paramLabel = "RELEASE") String release,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "Where to (default: RELEASE.json).")
          @Nullable Path target,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    Path file = target == null ? Path.of(release + ".json") : target;
    try (FederationClient client = server.connect()) {
      client.download("/api/v1/releases/" + release + "/model", file);
    }
    output.say(file + ": " + Files.size(file) + " bytes");
    return ExitStatus.DONE;
  }

  @Command(
      name = "claims",
      mixinStandardHelpOptions = true,
      description = {
        "Fetch what is claimed about a release's privacy.",
        "To a file: a page to print and file where its name ends in .html, else JSON."
      })
  int claims(
      @Parameters(paramLabel = "RELEASE") String release,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "Where to (default: the main points on the screen).")
          @Nullable Path target,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    String path = "/api/v1/releases/" + release + "/claims";
    try (FederationClient client = server.connect()) {
      if (target != null) {
        boolean page = target.toString().endsWith(".html");
        client.download(page ? path + ".html" : path, target);
        output.say(target + ": " + Files.size(target) + " bytes");
        return ExitStatus.DONE;
      }
      JsonNode sheet = client.get(path);
      if (output.json) {
        output.printJson(sheet);
      } else {
        ClaimReport.print(sheet, output.terminal());
      }
    }
    return ExitStatus.DONE;
  }
}
