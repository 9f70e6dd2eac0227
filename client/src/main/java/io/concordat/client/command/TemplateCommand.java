package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.terminal.Table;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.job.GraphReader;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.TemplateSubmitted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat template ...}: model graphs, from the upload to two institutions' reviews. */
@Command(
    name = "template",
    mixinStandardHelpOptions = true,
    description = {
      "Upload a model graph, review it, and see which may run.",
      "A graph is a list of layers out of a closed set and holds no code and no weights. A job may run it when",
      "two institutions have reviewed it on their own nodes and the policy in force names its digest."
    },
    footer = {
      "",
      "Examples:",
      "  concordat template check graph.yaml",
      "  concordat template submit graph.yaml --name \"two layers with a skip\" --key me.pem",
      "  concordat template list",
      "  concordat template review --home /var/lib/concordat",
      "  concordat template review sha256:9c1f... --home /var/lib/concordat --approve --officer \"A. Klein\""
    })
public final class TemplateCommand {
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Read a graph's file and print its digest, its layers, and the model of a job.")
  int check(@Parameters(paramLabel = "GRAPH.yaml") Path file, @Mixin Output output)
      throws Exception {
    ModelGraph graph = read(file);
    if (output.json) {
      output.printJson(Map.of("template", graph.digest().toString(), "layers", graph.words()));
      return ExitStatus.DONE;
    }
    output.terminal().line(graph.digest().toString());
    graph.words().forEach(output.terminal()::line);
    output.say("in a job: model: {kind: graph, template: \"" + graph.digest() + "\",");
    output.say("  layers: [" + String.join(", ", inJob(graph)) + "], features: [...], ...}");
    return ExitStatus.DONE;
  }

  private static List<String> inJob(ModelGraph graph) {
    return graph.layers().stream()
        .map(l ->
            "{kind: dense, units: "
                + l.units()
                + ", activation: "
                + l.activation().text()
                + (l.skip() ? ", skip: true}" : "}"))
        .toList();
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = "Sign a graph with your submitter key and upload it for review.")
  int submit(
      @Parameters(paramLabel = "GRAPH.yaml") Path file,
      @Option(
              names = "--name",
              paramLabel = "TEXT",
              required = true,
              description = "What reviewers see; the digest alone decides.")
          String name,
      @Option(
              names = "--key",
              paramLabel = "FILE",
              description = "Your submitter key (else $CONCORDAT_KEY or the profile's).")
          @Nullable Path keyFile,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    ModelGraph graph = read(file);
    SigningKey key = SubmitterKeys.open(keyFile, server);
    SignedStatement signed;
    String text = new String(graph.file(), StandardCharsets.UTF_8);
    try {
      signed =
          SignedStatement.sign(
              new TemplateSubmitted(text, name, key.verifyingKey()), StatementSigner.of(key));
    } finally {
      key.destroy();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("file", text);
    body.put("name", name);
    body.put("submitter", signed.signer().toString());
    body.put(
        "signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signed.signature()));
    try (FederationClient client = server.connect()) {
      JsonNode answer = client.post("/api/v1/templates", body);
      if (output.json) {
        output.printJson(answer);
      } else {
        output.terminal().line(answer.path("sha256").asText());
        output.say("two institutions review it now: concordat template review --home THEIR-NODE");
      }
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List graphs, who reviewed them, and whether a job may run them.")
  int list(@Mixin ServerOptions server, @Mixin Output output) throws Exception {
    try (FederationClient client = server.connect()) {
      return print(client.all("/api/v1/templates"), output);
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print the file of a graph, whose digest it is checked against.")
  int show(
      @Parameters(paramLabel = "DIGEST", description = "sha256:...") String digest,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    Digest wanted = digest(digest);
    try (FederationClient client = server.connect()) {
      JsonNode file = client.get("/api/v1/templates/" + wanted.hex());
      byte[] bytes = file.toString().getBytes(StandardCharsets.UTF_8);
      ModelGraph graph = accepted(bytes, digest);
      if (!graph.digest().equals(wanted)) {
        throw new InvalidInputException(
            "the aggregator's file is " + graph.digest() + ", not " + wanted);
      }
      output.terminal().line(new String(graph.file(), StandardCharsets.UTF_8));
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "review",
      mixinStandardHelpOptions = true,
      description = {
        "Show what your institution's own node has of a graph and, with --approve, sign with its node key",
        "that your institution reviewed it. Without a digest: everything that was submitted."
      })
  int review(
      @Parameters(paramLabel = "DIGEST", arity = "0..1", description = "sha256:...")
          @Nullable String digest,
      @Option(names = "--approve", description = "Sign the review.") boolean approve,
      @Option(
              names = "--officer",
              paramLabel = "NAME",
              description = "Who reviewed it; kept in your node's own books and not in the log.")
          @Nullable String officer,
      @Mixin ConsoleOptions console,
      @Mixin Output output)
      throws Exception {
    if (approve && (digest == null || officer == null || officer.isBlank())) {
      throw new InvalidInputException("--approve needs a DIGEST and --officer NAME");
    }
    try (FederationClient client = console.connect()) {
      List<JsonNode> shown = new ArrayList<>();
      for (JsonNode one : client.all("/api/v1/templates")) {
        if (digest == null || one.path("sha256").asText().equals(digest(digest).toString())) {
          shown.add(one);
        }
      }
      if (!approve) {
        return print(shown, output);
      }
      if (shown.isEmpty()) {
        throw new InvalidInputException("your node has no graph " + digest);
      }
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("template", shown.getFirst().path("sha256").asText());
      body.put("name", shown.getFirst().path("name").asText());
      body.put("officer", officer);
      JsonNode answer = client.post("/api/v1/templates", body);
      if (output.json) {
        output.printJson(answer);
      } else {
        output
            .terminal()
            .line(
                digest
                    + ": reviewed, signed with the node key of "
                    + answer.path("institution").asText());
      }
      return ExitStatus.DONE;
    }
  }

  private static int print(List<JsonNode> items, Output output) {
    if (output.json) {
      output.printJson(items);
      return ExitStatus.DONE;
    }
    Table table = new Table("template", "name", "reviewed by", "in the policy", "may run");
    Map<String, List<String>> layers = new LinkedHashMap<>();
    for (JsonNode item : items) {
      List<String> reviewers = new ArrayList<>();
      item.path("reviewers").forEach(r -> reviewers.add(r.asText()));
      table.row(
          item.path("sha256").asText(),
          item.path("name").asText(),
          reviewers.isEmpty() ? "nobody" : String.join(", ", reviewers),
          item.path("inPolicy").asBoolean() ? "yes" : "no",
          item.path("runnable").asBoolean() ? "yes" : "no");
      List<String> words = new ArrayList<>();
      item.path("layers").forEach(l -> words.add(l.asText()));
      layers.put(item.path("sha256").asText(), words);
    }
    table.print(output.terminal());
    layers.forEach((digest, words) -> {
      output.terminal().line(digest);
      words.forEach(w -> output.terminal().line("  " + w));
    });
    return ExitStatus.DONE;
  }

  private static ModelGraph read(Path file) throws Exception {
    if (Files.size(file) > TemplateSubmitted.MAX_BYTES) {
      throw new InvalidInputException(
          file + ": larger than any graph, " + TemplateSubmitted.MAX_BYTES + " bytes");
    }
    return accepted(Files.readAllBytes(file), file.toString());
  }

  private static ModelGraph accepted(byte[] bytes, String name) throws InvalidInputException {
    try {
      return GraphReader.read(name, bytes).orThrow();
    } catch (RefusedException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Digest digest(String text) throws InvalidInputException {
    try {
      return Digest.parse(text);
    } catch (io.concordat.crypto.DecodeException e) {
      throw new InvalidInputException(text + ": " + e.getMessage(), e);
    }
  }
}
