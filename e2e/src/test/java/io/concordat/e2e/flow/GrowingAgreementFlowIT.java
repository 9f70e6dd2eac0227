package io.concordat.e2e.flow;

import static io.concordat.e2e.flow.Typed.printed;
import static io.concordat.e2e.flow.Typed.typed;
import static io.concordat.e2e.flow.Typed.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.command.SubmitterKeys;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.policies.PolicyReader;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.job.GraphReader;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What institutions agree on while their federation runs: a model graph of their own, a freeze from
 * a console, a smaller cap, another member; and the offline verification of all of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class GrowingAgreementFlowIT {
  private static final String GRAPH =
      """
      schema: graph/1
      layers:
        - {kind: dense, units: 6, activation: tanh}
        - {kind: dense, units: 6, activation: relu, skip: true}
        - {kind: dense, units: 1, activation: linear}
      """;

  @TempDir private static Path folder;

  private static AgreedFederation people;
  private static DemoRecords cells;
  private static DemoRecords heart;

  @BeforeAll
  static void start() throws Exception {
    cells = DemoRecords.breastCancer(AgreedFederation.data());
    heart = DemoRecords.heartDisease(AgreedFederation.data());
    people = new AgreedFederation(folder, List.of(cells, heart));
  }

  @AfterAll
  static void stop() throws Exception {
    if (people != null) {
      people.close();
    }
  }

  @Test
  @Order(1)
  void anUploadedGraphRunsOnceTwoInstitutionsHaveReviewedItAndThePolicyNamesIt() throws Exception {
    Path key = folder.resolve("ada.pem");
    typed("submitter", "init", "--key", key);
    SigningKey ada = SubmitterKeys.read(key);
    ObjectNode endorse = JsonNodeFactory.instance.objectNode();
    endorse.put("key", ada.verifyingKey().toString());
    endorse.put("name", "ada");
    try (Console console = people.console("cleveland")) {
      console.post("/api/v1/submitters", endorse.toString());
    }
    Path file = folder.resolve("graph.yaml");
    Files.writeString(file, GRAPH);
    String digest =
        GraphReader.read("graph.yaml", GRAPH.getBytes(StandardCharsets.UTF_8))
            .orThrow()
            .digest()
            .toString();
    typed("template", "check", file);
    String name = "two layers and a skip";
    Object[] submit = {"template", "submit", file, "--name", name, "--key", key};
    // The endorsement takes a moment to reach the log.
    until("the graph is handed in", () -> people.by("scientist", submit).status() == 0);
    assertThat(people.refusal(graphJob("too-early", digest))).isEqualTo("job.outside-policy");
    Path two =
        following(
            1,
            "models: [logistic, mlp], maxParameters: 1000000, maxRounds: 500}",
            "models: [logistic, mlp, graph], maxParameters: 1000000, maxRounds: 500}\n"
                + "templates: [{sha256: \""
                + digest
                + "\", name: two layers and a skip}]");
    assertThat(people.by("operator", "policy", "activate", two).status())
        .as("nobody has reviewed the graph that it names")
        .isEqualTo(1);
    for (String hospital : List.of("budapest", "long-beach")) {
      Object[] look = {"template", "review", digest};
      until(
          hospital + " has the graph",
          () -> people.atConsole(hospital, look).text().contains(name));
      String officer = "Officer of " + hospital;
      Object[] approve = {"template", "review", digest, "--approve", "--officer", officer};
      assertThat(people.atConsole(hospital, approve).status()).isZero();
    }
    until("version 2", () -> people.by("operator", "policy", "activate", two).status() == 0);
    JsonNode listed = people.operator.get("/api/v1/templates").path("items").get(0);
    assertThat(listed.path("runnable").asBoolean()).as("%s", listed).isTrue();
    assertThat(listed.path("reviewers").toString()).isEqualTo("[\"budapest\",\"long-beach\"]");
    JsonNode ended = people.succeeded(people.submit(graphJob("a-graph-of-our-own", digest)));
    JsonNode model =
        people.scientist.get("/api/v1/releases/" + ended.path("releaseId").asText() + "/model");
    assertThat(model.path("kind").asText()).isEqualTo("graph");
    assertThat(model.path("template").asText()).isEqualTo(digest);
    assertThat(ended.path("metrics").path("accuracy").asDouble()).isGreaterThan(0.8);
  }

  @Test
  @Order(2)
  void aConsoleFreezesAndThreeConsolesThaw() throws Exception {
    try (Console console = people.console("zurich-basel")) {
      decideFreeze(console, "freeze");
    }
    until("the log has the freeze", () -> frozen());
    assertThat(people.refusal(people.statistics("while-frozen", cells.name(), "radius_mean", "")))
        .isEqualTo("policy.frozen");
    for (String hospital : AgreedFederation.SIGNERS) {
      try (Console console = people.console(hospital)) {
        until(
            hospital + " sees the freeze",
            () -> console.get("/api/v1/freezes").body().path("inTheLog").asBoolean());
        decideFreeze(console, "thaw");
      }
    }
    until("the log has the thaw", () -> !frozen());
    SignedJobFile after = people.statistics("after-the-thaw", cells.name(), "radius_mean", "");
    people.succeeded(people.submit(after));
  }

  private static boolean frozen() throws Exception {
    return people.operator.get("/api/v1/freezes").path("frozen").asBoolean();
  }

  private static void decideFreeze(Console console, String decision) throws Exception {
    ObjectNode order = JsonNodeFactory.instance.objectNode();
    order.put("decision", decision);
    order.put("officer", "An officer");
    order.put("reason", "an exercise");
    Console.Answer answer = console.post("/api/v1/freezes", order.toString());
    assertThat(answer.status()).as("%s", answer).isBetween(200, 299);
  }

  @Test
  @Order(3)
  void whatAPrivateJobTookIsPricedAgainUnderASmallerCap() throws Exception {
    String half = "privacy: {epsilon: \"0.5\", delta: \"1e-5\"}\n";
    SignedJobFile job = people.statistics("before-the-new-cap", "heart", "age, sex", half);
    people.succeeded(people.submit(job));
    JsonNode before = account("budapest");
    assertThat(before.path("epsilonCap").asText()).isEqualTo("8.0");
    Path three =
        following(
            2,
            "epsilonCap: \"8.0\", delta: \"1e-5\", perJobMax: \"2.0\"",
            "epsilonCap: \"0.7\", delta: \"1e-5\", perJobMax: \"0.7\"");
    people.server("policy", "activate", three);
    JsonNode after = account("budapest");
    assertThat(after.path("epsilonCap").asText()).isEqualTo("0.7");
    assertThat(after.path("order").asText()).isNotEqualTo(before.path("order").asText());
    assertThat(new BigDecimal(after.path("rhoSpent").asText()))
        .isEqualByComparingTo(priced(job, three));
    // By itself it is below the new cap; with what the first job took it is not.
    String more = "privacy: {epsilon: \"0.55\", delta: \"1e-5\"}\n";
    assertThat(people.refusal(people.statistics("more-than-is-left", "heart", "age, sex", more)))
        .isEqualTo("job.budget");
    String little = "privacy: {epsilon: \"0.2\", delta: \"1e-5\"}\n";
    people.succeeded(people.submit(people.statistics("what-is-left", "heart", "age, sex", little)));
  }

  /** What the job costs at the new cap's order, computed here from both policies. */
  private static BigDecimal priced(SignedJobFile job, Path three) throws Exception {
    Policy then = read(people.policy(2));
    Policy now = read(three);
    long units =
        new PinnedJobReader(d -> Stream.of(then, now).filter(p -> p.digest().equals(d)).findFirst())
                .prices(
                    job.text().getBytes(StandardCharsets.UTF_8),
                    RulesOfPolicy.of(then),
                    RulesOfPolicy.of(now))
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    return BigDecimal.valueOf(units, 9);
  }

  private static Policy read(Path file) throws Exception {
    return PolicyReader.read(file.toString(), Files.readAllBytes(file)).orThrow();
  }

  private static JsonNode account(String silo) throws Exception {
    for (JsonNode one : people.operator.get("/api/v1/budget").path("accounts")) {
      if (one.path("silo").asText().equals(silo)) {
        return one;
      }
    }
    throw new AssertionError("no account of " + silo);
  }

  /** Every step of a newcomer by command; the keys are made in its home and stay there. */
  @Test
  @Order(4)
  void anInstitutionThatJoinsLaterEnrolsByInvitationAndTakesPart() throws Exception {
    Path home = folder.resolve("vienna");
    Object[] first = {"silo", "init", "--home", home, "--institution", "vienna"};
    String node = after(typed(first), "nodeKey: ");
    Path key = folder.resolve("vienna-policy.pem");
    String officer = typed("policy", "key", "--key", key).strip();
    Path four =
        following(
            3,
            "\n# Three of the four must sign the next version.",
            "  - id: vienna\n    legalEntity: Medical University of Vienna (demonstration)\n"
                + "    policyKeys: [\""
                + officer
                + "\"]\n    nodeKey: \""
                + node
                + "\"\n"
                + "    roles: [silo]\n\n# Three of the five must sign the next version.");
    people.server("policy", "activate", four);
    Path invitation = folder.resolve("vienna.invitation");
    String invited = people.server("aggregator", "enrol", "vienna", "-o", invitation);
    assertThat(invited).contains("for vienna");
    Path records = heart.write("cleveland", folder.resolve("records").resolve("vienna"));
    Object[] init = {
      "silo",
      "init",
      "--home",
      home,
      "--bootstrap",
      invitation,
      "--policy",
      four,
      "--records",
      heart.name() + "=" + records
    };
    String asked = typed(init);
    assertThat(asked).contains("certificate: not issued yet");
    String read = after(asked, "requestFingerprint: ");
    assertThat(invited)
        .as("both sides read the same to each other")
        .contains(after(asked, "invitationFingerprint: "));
    String listed =
        people
            .server("aggregator", "enrolments")
            .lines()
            .filter(line -> line.contains("vienna"))
            .findFirst()
            .orElseThrow();
    assertThat(listed).contains("requested").contains(read);
    String id = listed.substring(0, listed.indexOf(' '));
    Path request = folder.resolve("vienna.request");
    people.server("aggregator", "request", id, "-o", request);
    Path certificate = folder.resolve("vienna.pem");
    assertThat(signed(request, swapped(read), certificate).status()).isNotZero();
    assertThat(certificate).doesNotExist();
    assertThat(signed(request, read, certificate).status()).isZero();
    people.server("aggregator", "certificate", id, certificate);
    assertThat(typed(init)).contains("certificate: valid until");
    Object[] second = {
      "silo", "init", "--home", folder.resolve("second"), "--bootstrap", invitation
    };
    assertThat(printed(1, second)).contains("auth.failed").contains("used");
    Files.writeString(
        home.resolve("config/application.yaml"),
        "concordat.console.port: 0\nconcordat.management.port: 0\n",
        StandardOpenOption.APPEND);
    people.federation.join("vienna", home).start();
    people.federation.silo("vienna").awaitReady();
    // It had version 4 from its people, and has fetched what the log began with.
    for (int version = 1; version <= 3; version++) {
      assertThat(home.resolve("config/policies/" + version + ".yaml")).exists();
    }
    until("its records are declared", () -> patients("vienna") > 0);
    assertThat(people.operator.all("/api/v1/audit/entries").toString()).contains("node.enrolled");
    // Noised: exact sums of four and of five silos would differ by the newcomer's own.
    String little = "privacy: {epsilon: \"0.1\", delta: \"1e-5\"}\n";
    String job = people.submit(people.statistics("five-of-us", "heart", "age, sex", little));
    people.succeeded(job);
    assertThat(
            people
                .scientist
                .get("/api/v1/jobs/" + job + "/rounds")
                .path("items")
                .get(0)
                .path("contributors")
                .asInt())
        .isEqualTo(5);
  }

  /** The authority signs on its own machine, with the fingerprint that was read to it. */
  private static Typed.Ended signed(Path request, String fingerprint, Path certificate) {
    return Typed.ended(
        List.of(
            "pki",
            "request",
            request,
            "--institution",
            "vienna",
            "--fingerprint",
            fingerprint,
            "--dir",
            people.federation.folder().resolve("ca"),
            "-o",
            certificate));
  }

  /** The fingerprint of another key: one sign of it is another. */
  private static String swapped(String fingerprint) {
    char first = fingerprint.charAt(0);
    return (first == '2' ? '3' : '2') + fingerprint.substring(1);
  }

  private static String after(String text, String words) {
    assertThat(text).contains(words);
    int at = text.indexOf(words) + words.length();
    return text.substring(at, text.indexOf('\n', at)).strip();
  }

  private static long patients(String institution) throws Exception {
    for (JsonNode one : people.operator.federation().path("institutions")) {
      if (one.path("id").asText().equals(institution)) {
        return one.path("patients").path("heart").asLong(0);
      }
    }
    return 0;
  }

  @Test
  @Order(5)
  void theWholeLogIsVerifiedOfflineWithBothAlgorithms() throws Exception {
    Path pack = folder.resolve("pack");
    people.server("audit", "export", "-o", pack);
    for (int version : List.of(1, 4)) {
      assertThat(typed("audit", "verify", pack, "--policy", people.policy(version)))
          .contains("each with Ed25519 and ML-DSA-65")
          .contains("ML-DSA-44 by concordat.example/cardio-demo")
          .contains("signed by the log with Ed25519 and ML-DSA-65");
    }
  }

  /** The next version, signed by as many as it takes. */
  private static Path following(int n, String from, String to) throws Exception {
    Path file = people.following(n, from, to);
    people.sign(file, AgreedFederation.SIGNERS);
    return file;
  }

  private static SignedJobFile graphJob(String name, String digest) throws Exception {
    return people.job(
        name,
        cells.name(),
        """
        analysis:
          kind: train
          model: {kind: graph, template: "DIGEST", seed: 1, features: [radius_mean, texture_mean, area_mean, concavity_mean], label: malignant, scaling: federation,
                  layers: [{kind: dense, units: 6, activation: tanh}, {kind: dense, units: 6, activation: relu, skip: true}, {kind: dense, units: 1, activation: linear}]}
          strategy: {kind: fedavg, rounds: 4, localEpochs: 3, batch: 16, learningRate: "0.1", momentum: "0.9", encoding: {bits: 16, range: "4.0"}}
          evaluation: {holdout: policy, metrics: [accuracy, auc]}
        """
            .replace("DIGEST", digest));
  }
}
