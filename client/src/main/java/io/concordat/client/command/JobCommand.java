package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.client.terminal.Table;
import io.concordat.client.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat job ...}: submit, price, watch, list, show, cancel. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    description = "Submit jobs and follow them.",
    footer = {
      "",
      "Examples:",
      "  concordat job submit heart.yaml --watch",
      "  concordat job price heart.yaml",
      "  concordat job list --json"
    })
public final class JobCommand {
  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = "Sign a job file with your submitter key and submit it.")
  int submit(
      @Parameters(
              paramLabel = "JOB.yaml",
              description = "The job file; its bytes are what you sign.")
          Path file,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              description = "Your submitter key (else the profile's).")
          @Nullable Path key,
      @Option(names = "--watch", description = "Follow the job until it ends.") boolean watch,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    SignedJobFile job = SignedJobFile.sign(file, SubmitterKeys.open(key, server));
    try (FederationClient client = server.connect()) {
      JsonNode answer = client.submit(job.text(), job.submitter(), job.signature(), false);
      String id = answer.path("id").asText();
      if (!watch) {
        if (output.json) {
          output.printJson(answer);
        } else {
          output
              .terminal()
              .line(
                  output.quiet
                      ? id
                      : "job " + id + " submitted (" + answer.path("state").asText() + ")");
          output.say("follow it with: concordat job watch " + id);
        }
        return ExitStatus.DONE;
      }
      output.say("job " + id + " submitted");
      return finish(client, id, output);
    }
  }

  @Command(
      name = "price",
      mixinStandardHelpOptions = true,
      description = {
        "Tell what a job would cost and whether it would be allowed; starts and stores nothing.",
        "Exit status 0: it would be taken. 1: refused, with every rule that says no."
      })
  int price(
      @Parameters(paramLabel = "JOB.yaml") Path file,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              description = "Your submitter key (else the profile's).")
          @Nullable Path key,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    SignedJobFile job = SignedJobFile.sign(file, SubmitterKeys.open(key, server));
    try (FederationClient client = server.connect()) {
      JsonNode price = client.submit(job.text(), job.submitter(), job.signature(), true);
      if (output.json) {
        output.printJson(price);
      } else {
        PriceReport.print(price, output.terminal());
      }
      return price.path("allowed").asBoolean(true) ? ExitStatus.DONE : ExitStatus.REFUSED;
    }
  }

  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = "Follow a job until it ends.")
  int watch(
      @Parameters(paramLabel = "JOB") String job, @Mixin ServerOptions server, @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      return finish(client, job, output);
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List jobs, newest first.")
  int list(@Mixin ServerOptions server, @Mixin Output output) throws Exception {
    try (FederationClient client = server.connect()) {
      List<JsonNode> jobs = client.all("/api/v1/jobs");
      if (output.json) {
        output.printJson(jobs);
        return ExitStatus.DONE;
      }
      Table table = new Table("job", "name", "dataset", "state", "round", "epsilon", "submitted");
      for (JsonNode job : jobs) {
        table.row(
            job.path("id").asText(),
            job.path("name").asText(),
            job.path("dataset").asText(),
            job.path("state").asText(),
            job.path("round").asText("0") + "/" + job.path("rounds").asText("?"),
            job.hasNonNull("epsilon") ? job.get("epsilon").asText() : "-",
            job.path("submittedAt").asText());
      }
      table.print(output.terminal());
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show one job and its rounds.")
  int show(
      @Parameters(paramLabel = "JOB") String job, @Mixin ServerOptions server, @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      JsonNode found = client.get("/api/v1/jobs/" + job);
      if (output.json) {
        output.printJson(found);
        return ExitStatus.DONE;
      }
      Terminal terminal = output.terminal();
      found
          .properties()
          .forEach(entry ->
              terminal.line(
                  String.format(Locale.ROOT, "%-24s %s", entry.getKey(), text(entry.getValue()))));
      Table table = new Table("round", "state", "silos", "bytes", "announced", "opened");
      for (JsonNode round : client.all("/api/v1/jobs/" + job + "/rounds")) {
        table.row(
            round.path("number").asText(),
            round.path("state").asText(),
            round.path("contributors").asText("-"),
            round.path("bytes").asText("-"),
            round.path("announcedAt").asText(""),
            round.path("openedAt").asText(""));
      }
      table.print(terminal);
      return ExitStatus.DONE;
    }
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "End a job at the next round boundary.")
  int cancel(
      @Parameters(paramLabel = "JOB") String job, @Mixin ServerOptions server, @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      JsonNode answer =
          client.post(
              "/api/v1/jobs/" + job + "/cancel",
              com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());
      if (output.json) {
        output.printJson(answer);
      } else {
        output.terminal().line("job " + job + ": " + answer.path("state").asText("cancelled"));
      }
      return ExitStatus.DONE;
    }
  }

  private static int finish(FederationClient client, String id, Output output)
      throws ProblemException, UnreachableException, IOException {
    Terminal terminal =
        output.json || output.quiet ? Terminal.plain(System.err, System.err) : output.terminal();
    JsonNode ended = new JobProgress(client, terminal).follow(id);
    String state = ended.path("state").asText();
    if (output.json) {
      output.printJson(ended);
    } else {
      output.terminal().line("job " + id + " " + state.toLowerCase(Locale.ROOT) + reason(ended));
      if (ended.hasNonNull("metrics")) {
        ended
            .get("metrics")
            .properties()
            .forEach(m -> output.terminal().line("  " + m.getKey() + " " + text(m.getValue())));
      }
      if (ended.hasNonNull("releaseId")) {
        output.say("get the result with: concordat release get " + ended.get("releaseId").asText());
      }
    }
    return state.equals("Succeeded") ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  private static String reason(JsonNode job) {
    String reason = job.path("reason").asText("");
    String code = job.path("code").asText("");
    return code.isEmpty() && reason.isEmpty()
        ? ""
        : ": " + reason + (code.isEmpty() ? "" : " [" + code + "]");
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
