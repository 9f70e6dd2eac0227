package io.concordat.aggregator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.job.GraphReader;
import io.concordat.protocol.job.JobNonce;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.job.SignedJob;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.TemplateSubmitted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Four nodes of the test's federation, and jobs handed in to them. */
final class RunningNodes implements AutoCloseable {
  static final SigningKey SUBMITTER = TestFederation.key("submitter ada");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATISTICS =
      """
      schema: job/1
      name: sizes
      federation: cardio-demo
      dataset: breast-cancer
      analysis: {kind: statistics, columns: [radius_mean, area_mean]}
      """;

  private final TestFederation federation;
  private final Supplier<String> base;
  private final List<FakeNode> nodes = new ArrayList<>();

  RunningNodes(TestFederation federation, Supplier<String> base) {
    this.federation = federation;
    this.base = base;
  }

  /** Starts them and waits until the log knows their records. */
  void start(boolean chunked) throws Exception {
    long patients = 100;
    for (String institution : TestFederation.INSTITUTIONS) {
      FakeNode node =
          new FakeNode(
              base.get(), federation.policy, institution, federation.node(institution), patients);
      node.chunked = chunked;
      node.start();
      nodes.add(node);
      patients += 10;
    }
    nodes.getFirst().endorse(SUBMITTER.verifyingKey());
    until(() -> ada().get("/api/v1/datasets").text().matches(".*long-beach.*130.*"));
  }

  private Person ada() {
    return new Person(
        base.get(), federation.person(), Objects.requireNonNull(federation.tokens.get("ada")));
  }

  FakeNode node(String institution) {
    return nodes.stream()
        .filter(node -> node.institution.equals(institution))
        .findFirst()
        .orElseThrow();
  }

  /** A signed job file as the API takes it, another one at each call. */
  static String submission() throws Exception {
    byte[] file = JobNonce.add(STATISTICS.getBytes(StandardCharsets.UTF_8), new SystemRandomness());
    SignedJob job = SignedJob.sign(file, SUBMITTER);
    ObjectNode body = JSON.createObjectNode();
    body.put("file", new String(file, StandardCharsets.UTF_8));
    body.put("submitter", SUBMITTER.verifyingKey().toString());
    body.put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(job.signature()));
    return JSON.writeValueAsString(body);
  }

  /** Hands a job in; the endorsement of its key may still be on its way through the log. */
  JsonNode submit(Person person) throws Exception {
    String body = submission();
    for (int i = 0; i < 400; i++) {
      Person.Answer answer = person.post("/api/v1/jobs", body);
      if (answer.status() == 201) {
        return answer.body();
      }
      if (!answer.code().equals("job.submitter")) {
        throw new AssertionError(answer.text());
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the submitter was never endorsed: " + trouble());
  }

  /** Uploads a model graph; its digest in hexadecimal. */
  String template(Person person) throws Exception {
    byte[] yaml =
        "schema: graph/1\nlayers: [{kind: dense, units: 1, activation: linear}]\n"
            .getBytes(StandardCharsets.UTF_8);
    ModelGraph graph = GraphReader.read("graph.yaml", yaml).orThrow();
    TemplateSubmitted template =
        new TemplateSubmitted(
            new String(graph.file(), StandardCharsets.UTF_8),
            "one layer",
            SUBMITTER.verifyingKey());
    SignedStatement signed = SignedStatement.sign(template, StatementSigner.of(SUBMITTER));
    ObjectNode body = JSON.createObjectNode();
    body.put("file", template.file());
    body.put("name", template.name());
    body.put("submitter", SUBMITTER.verifyingKey().toString());
    body.put(
        "signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signed.signature()));
    Person.Answer answer = person.post("/api/v1/templates", JSON.writeValueAsString(body));
    if (answer.status() != 201) {
      throw new AssertionError(answer.text());
    }
    return template.template().hex();
  }

  JsonNode ended(String id) throws Exception {
    for (int i = 0; i < 1200; i++) {
      JsonNode job = ada().get("/api/v1/jobs/" + id).body();
      if (job.has("endedAt")) {
        return job;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(ada().get("/api/v1/jobs/" + id + "/rounds").text() + trouble());
  }

  void until(Callable<Boolean> holds) throws Exception {
    for (int i = 0; i < 1200; i++) {
      if (holds.call()) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not within a minute: " + trouble());
  }

  private List<List<String>> trouble() {
    return nodes.stream().map(FakeNode::trouble).toList();
  }

  @Override
  public void close() throws InterruptedException {
    for (FakeNode node : nodes) {
      node.close();
    }
    nodes.clear();
  }
}
