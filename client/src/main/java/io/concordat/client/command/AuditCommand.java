package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.terminal.Table;
import io.concordat.verify.PackVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat audit ...}: what happened, and whether it was right. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Read, export and verify the federation's log.",
    footer = {
      "",
      "Examples:",
      "  concordat audit log --last 20",
      "  concordat audit export -o pack",
      "  concordat audit verify pack --policy policy.yaml"
    })
public final class AuditCommand {
  @Command(name = "log", mixinStandardHelpOptions = true, description = "Print the log in words.")
  int log(
      @Option(names = "--last", paramLabel = "N", description = "Only the newest N entries.")
          @Nullable Integer last,
      @Option(
              names = "--type",
              paramLabel = "TYPE",
              description = "Only entries of this type, such as round.opened.")
          @Nullable String type,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      List<JsonNode> entries =
          client.all("/api/v1/audit/entries").stream()
              .filter(entry -> type == null || type.equals(entry.path("type").asText()))
              .toList();
      if (last != null && entries.size() > last) {
        entries = entries.subList(entries.size() - last, entries.size());
      }
      if (output.json) {
        output.printJson(entries);
        return ExitStatus.DONE;
      }
      Table table = new Table("entry", "time", "type", "by", "what happened");
      for (JsonNode entry : entries) {
        table.row(
            entry.path("index").asText(),
            entry.path("time").asText(),
            entry.path("type").asText(),
            entry.path("actor").asText(),
            entry.path("words").asText());
      }
      table.print(output.terminal());
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Fetch everything an offline verification needs into a folder.")
  int export(
      @Option(
              names = {"-o", "--output"},
              paramLabel = "DIR",
              required = true,
              description = "A new or empty folder.")
          Path folder,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      PackDownload.Pack pack = PackDownload.into(folder, client, output.terminal());
      if (output.json) {
        output.printJson(
            Map.of("folder", pack.folder(), "files", pack.files(), "bytes", pack.bytes()));
      } else {
        output.terminal().line(folder + ": " + pack.files() + " files, " + pack.bytes() + " bytes");
        output.say("check it with: concordat audit verify " + folder);
      }
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Check an exported pack against your own copy of the policy, without a connection.",
        "Exit status 0: every check passed. 4: one failed, or could not be made."
      })
  int verify(
      @Parameters(paramLabel = "PACK", description = "A folder that audit export wrote.") Path pack,
      @Option(
              names = "--policy",
              paramLabel = "FILE",
              required = true,
              description =
                  "Your institution's own copy of the policy, its signatures beside it (FILE.sig).")
          Path policy,
      @Option(
              names = "--accept-unchecked",
              description =
                  "Exit with 0 although something could not be checked because the pack leaves it"
                      + " out; what failed still fails.")
          boolean acceptUnchecked,
      @Mixin Output output)
      throws Exception {
    if (!Files.isDirectory(pack)) {
      throw new InvalidInputException(pack + ": not a folder; audit export makes one");
    }
    if (!Files.isRegularFile(policy)) {
      throw new InvalidInputException(policy + ": not a file");
    }
    return VerificationReport.print(
        PackVerifier.verify(pack, policy), pack, policy, acceptUnchecked, output);
  }
}
