package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.terminal.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat approval ...}: what an institution's officer decides on its own node. */
@Command(
    name = "approval",
    mixinStandardHelpOptions = true,
    description = {
      "List what waits for your institution's decision, and decide.",
      "A decision is signed with the node key of your own node; nothing else counts as one.",
      "A job waits before it runs; a release waits before the last opening, while nobody knows it."
    },
    footer = {
      "",
      "Examples:",
      "  concordat approval list --home /var/lib/concordat",
      "  concordat approval approve 3f9a1c20be41 --home /var/lib/concordat --officer \"A. Klein\" --reason \"ethics vote 12/26\"",
      "  concordat approval reject 3f9a1c20be41 --release --home /var/lib/concordat --officer \"A. Klein\" --reason \"too few cases\""
    })
public final class ApprovalCommand {
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List jobs and releases that wait, and what your institution said so far.")
  int list(@Mixin ConsoleOptions console, @Mixin Output output) throws Exception {
    try (FederationClient client = console.connect()) {
      List<JsonNode> items = client.all("/api/v1/approvals");
      if (output.json) {
        output.printJson(items);
        return ExitStatus.DONE;
      }
      Table table = new Table("job", "name", "dataset", "what", "your decision", "others wait for");
      for (JsonNode item : items) {
        table.row(
            item.path("id").asText(),
            item.path("name").asText(),
            item.path("dataset").asText(),
            item.path("what").asText(),
            item.path("decision").asText("none yet"),
            item.path("undecided").asText());
      }
      table.print(output.terminal());
      return ExitStatus.DONE;
    }
  }

  /** What is decided about, and by whom. */
  static final class Subject {
    @Parameters(paramLabel = "JOB", description = "Its id, as 'approval list' shows it.")
    private String job = "";

    @Option(names = "--release", description = "Decide about the result.")
    private boolean release;

    @Option(
        names = "--officer",
        paramLabel = "NAME",
        required = true,
        description = "Who decides; kept in your node's own books and not in the log.")
    private String officer = "";

    @Mixin private ConsoleOptions console = new ConsoleOptions();

    @Mixin private Output output = new Output();

    private int decide(String decision, String reason) throws Exception {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("job", job);
      body.put("what", release ? "release" : "job");
      body.put("decision", decision);
      body.put("officer", officer);
      body.put("reason", reason);
      try (FederationClient client = console.connect()) {
        JsonNode answer = client.post("/api/v1/approvals", body);
        if (output.json) {
          output.printJson(answer);
        } else {
          output
              .terminal()
              .line(
                  (release ? "release of job " : "job ")
                      + job
                      + (decision.equals("approve") ? ": approved" : ": rejected")
                      + ", signed with the node key of "
                      + answer.path("institution").asText());
        }
        return ExitStatus.DONE;
      }
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Approve a job, or with --release its result, in your institution's name.")
  int approve(
      @Mixin Subject subject,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Stands in the log.")
          @Nullable String reason)
      throws Exception {
    return subject.decide("approve", reason == null ? "" : reason);
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Reject a job, or with --release its result; the reason stands in the log.")
  int reject(
      @Mixin Subject subject,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "Stands in the log.")
          String reason)
      throws Exception {
    return subject.decide("reject", reason);
  }
}
