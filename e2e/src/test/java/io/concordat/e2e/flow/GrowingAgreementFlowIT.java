package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.Concordat;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.command.SubmitterKeys;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.FederationTls;
import io.concordat.client.http.ProblemException;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.ConsoleInit;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.job.GraphReader;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Policy;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final List<String> SIGNERS = List.of("cleveland", "budapest", "zurich-basel");
  private static final String GRAPH =
      """
      schema: graph/1
      layers:
        - {kind: dense, units: 6, activation: tanh}
        - {kind: dense, units: 6, activation: relu, skip: true}
        - {kind: dense, units: 1, activation: linear}
      """;

  @TempDir private static Path folder;

  private static LocalFederation federation;
  private static FederationClient scientist;
  private static FederationClient operator;
  private static DemoRecords cells;
  private static Path tokens;

  @BeforeAll
  static void start() throws Exception {
    Programs programs = Programs.ofThisProcess();
    Path data = programs.root().resolve("demo-data");
    cells = DemoRecords.breastCancer(data);
    DemoRecords heart = DemoRecords.heartDisease(data);
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path own = folder.resolve("records").resolve(hospital);
      hospitals.add(
          new LocalFederation.SiloRecords(
              hospital,
              Map.of(
                  cells.name(), cells.write(hospital, own),
                  heart.name(), heart.write(hospital, own))));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    federation =
        LocalFederation.create(
            home, programs.brief(), hospitals, 0, Instant.now(), new SystemRandomness());
    federation.start(name -> {});
    scientist = federation.client("scientist");
    operator = federation.client("operator");
    tokens = federation.writeTokens();
  }

  @AfterAll
  static void stop() throws Exception {
    if (scientist != null) {
      scientist.close();
      operator.close();
    }
    if (federation != null) {
      federation.close();
    }
  }

  @Test
  @Order(1)
  void anUploadedGraphRunsOnceTwoInstitutionsHaveReviewedItAndThePolicyNamesIt() throws Exception {
    Path key = folder.resolve("ada.pem");
    typed("submitter", "init", "--key", key.toString());
    SigningKey ada = SubmitterKeys.read(key);
    try (FederationClient console = console("cleveland")) {
      ObjectNode endorse = JsonNodeFactory.instance.objectNode();
      endorse.put("key", ada.verifyingKey().toString());
      endorse.put("name", "ada");
      console.post("/api/v1/submitters", endorse);
    }
    Path file = folder.resolve("graph.yaml");
    Files.writeString(file, GRAPH);
    ModelGraph graph =
        GraphReader.read("graph.yaml", GRAPH.getBytes(StandardCharsets.UTF_8)).orThrow();
    String digest = graph.digest().toString();
    typed("template", "check", file.toString());
    // The endorsement takes a moment to reach the log.
    eventually(() ->
        server(
                "scientist",
                "template",
                "submit",
                file.toString(),
                "--name",
                "two layers and a skip",
                "--key",
                key.toString())
            == 0);
    assertThat(refusal(graphJob("too-early", digest))).isEqualTo("job.outside-policy");
    Path two =
        following(
            federation.folder().resolve("policy.yaml"),
            2,
            "models: [logistic, mlp], maxParameters: 1000000, maxRounds: 500}",
            "models: [logistic, mlp, graph], maxParameters: 1000000, maxRounds: 500}\n"
                + "templates: [{sha256: \""
                + digest
                + "\", name: two layers and a skip}]");
    assertThat(server("operator", "policy", "activate", two.toString()))
        .as("nobody has reviewed the graph that it names")
        .isEqualTo(1);
    for (String hospital : List.of("budapest", "long-beach")) {
      eventually(() -> consoleTyped(hospital, "template", "review", digest) == 0);
      assertThat(
              consoleTyped(
                  hospital,
                  "template",
                  "review",
                  digest,
                  "--approve",
                  "--officer",
                  "Officer of " + hospital))
          .isZero();
    }
    eventually(() -> server("operator", "policy", "activate", two.toString()) == 0);
    JsonNode listed = operator.get("/api/v1/templates").path("items").get(0);
    assertThat(listed.path("runnable").asBoolean()).as("%s", listed).isTrue();
    assertThat(listed.path("reviewers").toString()).isEqualTo("[\"budapest\",\"long-beach\"]");
    JsonNode ended = await(accepted(graphJob("a-graph-of-our-own", digest)));
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Succeeded");
    JsonNode model =
        scientist.get("/api/v1/releases/" + ended.path("releaseId").asText() + "/model");
    assertThat(model.path("kind").asText()).isEqualTo("graph");
    assertThat(model.path("template").asText()).isEqualTo(digest);
    assertThat(ended.path("metrics").path("accuracy").asDouble()).isGreaterThan(0.8);
  }

  @Test
  @Order(2)
  void aConsoleFreezesAndThreeConsolesThaw() throws Exception {
    decideFreeze("zurich-basel", "freeze");
    eventually(() -> operator.get("/api/v1/freezes").path("frozen").asBoolean());
    assertThat(refusal(statistics("while-frozen", cells.name(), "radius_mean", "")))
        .isEqualTo("policy.frozen");
    for (String hospital : SIGNERS) {
      try (FederationClient console = console(hospital)) {
        eventually(() -> console.get("/api/v1/freezes").path("inTheLog").asBoolean());
      }
      decideFreeze(hospital, "thaw");
    }
    eventually(() -> !operator.get("/api/v1/freezes").path("frozen").asBoolean());
    eventually(() ->
        await(accepted(statistics("after-the-thaw", cells.name(), "radius_mean", "")))
            .path("state")
            .asText()
            .equals("Succeeded"));
  }

  @Test
  @Order(3)
  void whatAPrivateJobTookIsPricedAgainUnderASmallerCap() throws Exception {
    String half = "privacy: {epsilon: \"0.5\", delta: \"1e-5\"}\n";
    SignedJobFile job = statistics("before-the-new-cap", "heart", "age, sex", half);
    assertThat(await(accepted(job)).path("state").asText()).isEqualTo("Succeeded");
    JsonNode before = account("budapest");
    assertThat(before.path("epsilonCap").asText()).isEqualTo("8.0");
    Path three =
        following(
            federation.folder().resolve("policy-2.yaml"),
            3,
            "epsilonCap: \"8.0\", delta: \"1e-5\", perJobMax: \"2.0\"",
            "epsilonCap: \"0.7\", delta: \"1e-5\", perJobMax: \"0.7\"");
    assertThat(server("operator", "policy", "activate", three.toString())).isZero();
    JsonNode after = account("budapest");
    assertThat(after.path("epsilonCap").asText()).isEqualTo("0.7");
    assertThat(after.path("order").asText()).isNotEqualTo(before.path("order").asText());
    assertThat(new BigDecimal(after.path("rhoSpent").asText()))
        .isEqualByComparingTo(priced(job, three));
    // By itself it is below the new cap; with what the first job took it is not.
    String more = "privacy: {epsilon: \"0.55\", delta: \"1e-5\"}\n";
    assertThat(refusal(statistics("more-than-is-left", "heart", "age, sex", more)))
        .isEqualTo("job.budget");
    String little = "privacy: {epsilon: \"0.2\", delta: \"1e-5\"}\n";
    JsonNode fits = await(accepted(statistics("what-is-left", "heart", "age, sex", little)));
    assertThat(fits.path("state").asText()).as("%s", fits).isEqualTo("Succeeded");
  }

  /** What the job costs at the new cap's order, computed here from both policies. */
  private static BigDecimal priced(SignedJobFile job, Path three) throws Exception {
    Policy then = read(federation.folder().resolve("policy-2.yaml"));
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
    for (JsonNode one : operator.get("/api/v1/budget").path("accounts")) {
      if (one.path("silo").asText().equals(silo)) {
        return one;
      }
    }
    throw new AssertionError("no account of " + silo);
  }

  @Test
  @Order(4)
  void anInstitutionThatJoinsLaterEnrolsAndTakesPart() throws Exception {
    Path home = folder.resolve("vienna");
    String node = new SiloInit(home, new SystemRandomness()).nodeKey("vienna").toString();
    Path key = folder.resolve("vienna-policy.pem");
    typed("policy", "key", "--key", key.toString());
    String officer = SubmitterKeys.read(key).publicKeys().toString();
    Path four =
        following(
            federation.folder().resolve("policy-3.yaml"),
            4,
            "\n# Three of the four must sign the next version.",
            "  - id: vienna\n    legalEntity: Medical University of Vienna (demonstration)\n"
                + "    policyKeys: [\""
                + officer
                + "\"]\n    nodeKey: \""
                + node
                + "\"\n"
                + "    roles: [silo]\n\n# Three of the five must sign the next version.");
    assertThat(server("operator", "policy", "activate", four.toString())).isZero();
    Path invitation = folder.resolve("vienna.invitation");
    assertThat(server("operator", "aggregator", "enrol", "vienna", "-o", invitation.toString()))
        .isZero();
    DemoRecords heart =
        DemoRecords.heartDisease(Programs.ofThisProcess().root().resolve("demo-data"));
    Path records = heart.write("cleveland", folder.resolve("records").resolve("vienna"));
    String[] init = {
      "silo",
      "init",
      "--home",
      home.toString(),
      "--bootstrap",
      invitation.toString(),
      "--policy",
      four.toString(),
      "--records",
      heart.name() + "=" + records
    };
    typed(init);
    JsonNode asked = Optional.ofNullable(enrolmentOf("vienna")).orElseThrow();
    Path request = folder.resolve("vienna.request");
    Path certificate = folder.resolve("vienna.pem");
    String id = asked.path("id").asText();
    assertThat(server("operator", "aggregator", "request", id, "-o", request.toString())).isZero();
    typed(
        "pki",
        "request",
        request.toString(),
        "--institution",
        "vienna",
        "--fingerprint",
        asked.path("fingerprint").asText(),
        "--dir",
        federation.folder().resolve("ca").toString(),
        "-o",
        certificate.toString());
    assertThat(server("operator", "aggregator", "certificate", id, certificate.toString()))
        .isZero();
    typed(init);
    Files.writeString(
        home.resolve("config/application.yaml"),
        "concordat.console.port: 0\nconcordat.management.port: 0\n",
        StandardOpenOption.APPEND);
    federation.join("vienna", home).start();
    federation.silo("vienna").awaitReady();
    // It had version 4 from its people, and has fetched what the log began with.
    for (int version = 1; version <= 3; version++) {
      assertThat(home.resolve("config/policies/" + version + ".yaml")).exists();
    }
    eventually(() -> patients("vienna") > 0);
    // Noised: exact sums of four and of five silos would differ by the newcomer's own.
    String little = "privacy: {epsilon: \"0.1\", delta: \"1e-5\"}\n";
    String job = accepted(statistics("five-of-us", "heart", "age, sex", little));
    assertThat(await(job).path("state").asText()).isEqualTo("Succeeded");
    assertThat(
            scientist
                .get("/api/v1/jobs/" + job + "/rounds")
                .path("items")
                .get(0)
                .path("contributors")
                .asInt())
        .isEqualTo(5);
  }

  private static JsonNode enrolmentOf(String institution) throws Exception {
    for (JsonNode item : operator.get("/api/v1/enrolments").path("items")) {
      if (item.path("institution").asText().equals(institution)
          && item.path("state").asText().equals("requested")) {
        return item;
      }
    }
    throw new AssertionError("no request of " + institution);
  }

  private static long patients(String institution) throws Exception {
    for (JsonNode one : operator.federation().path("institutions")) {
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
    assertThat(server("operator", "audit", "export", "-o", pack.toString())).isZero();
    for (String own : List.of("policy.yaml", "policy-4.yaml")) {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
        int status =
            Concordat.commandLine(Terminal.plain(out, out))
                .execute(
                    "audit",
                    "verify",
                    pack.toString(),
                    "--policy",
                    federation.folder().resolve(own).toString());
        String page = printed.toString(StandardCharsets.UTF_8);
        assertThat(status).as(page).isZero();
        assertThat(page)
            .contains("each with Ed25519 and ML-DSA-65")
            .contains("ML-DSA-44 by concordat.example/cardio-demo")
            .contains("signed by the log with Ed25519 and ML-DSA-65");
      }
    }
  }

  private static Path following(Path old, int version, String from, String to) throws Exception {
    byte[] bytes = Files.readAllBytes(old);
    String text = Files.readString(old);
    assertThat(text).contains(from);
    String next =
        text.replaceFirst(
                "version: [0-9]+\n(previousSha256: \\S+\n)?",
                "version: " + version + "\npreviousSha256: " + Digests.sha256(bytes) + "\n")
            .replace(from, to);
    Path file = federation.folder().resolve("policy-" + version + ".yaml");
    Files.writeString(file, next);
    PolicySignatures signatures = PolicySignatures.none(Files.readAllBytes(file));
    for (String institution : SIGNERS) {
      signatures = signatures.sign(Files.readAllBytes(file), federation.officer(institution));
    }
    Files.write(file.resolveSibling(file.getFileName() + ".sig"), signatures.write());
    return file;
  }

  private static SignedJobFile graphJob(String name, String digest) throws Exception {
    return job(
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

  private static SignedJobFile statistics(
      String name, String dataset, String columns, String privacy) throws Exception {
    return job(
        name, dataset, "analysis: {kind: statistics, columns: [" + columns + "]}\n" + privacy);
  }

  private static SignedJobFile job(String name, String dataset, String rest) throws Exception {
    String text =
        "schema: job/1\nname: "
            + name
            + "\nfederation: cardio-demo\ndataset: "
            + dataset
            + "\n"
            + rest;
    return SignedJobFile.sign(
        text.getBytes(StandardCharsets.UTF_8), name + ".yaml", federation.submitter());
  }

  private static String accepted(SignedJobFile job) throws Exception {
    return scientist
        .submit(job.text(), job.submitter(), job.signature(), false)
        .path("id")
        .asText();
  }

  private static String refusal(SignedJobFile job) throws Exception {
    try {
      return "accepted as " + accepted(job);
    } catch (ProblemException refused) {
      return refused.code();
    }
  }

  private static JsonNode await(String id) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      JsonNode job = scientist.get("/api/v1/jobs/" + id);
      if (ENDS.contains(job.path("state").asText()) || System.nanoTime() > deadline) {
        return job;
      }
      Thread.sleep(100);
    }
  }

  private static void eventually(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(300);
    }
  }

  private static Path consoleToken(String hospital) throws Exception {
    Path token = folder.resolve("console-" + hospital);
    if (!Files.exists(token)) {
      SiloHome silo = new SiloHome(federation.silo(hospital).home());
      Files.writeString(token, new ConsoleInit(silo, new SystemRandomness()).newToken());
    }
    return token;
  }

  private static FederationClient console(String hospital) throws Exception {
    SiloHome silo = new SiloHome(federation.silo(hospital).home());
    String url =
        new ObjectMapper().readTree(silo.home().endpointFile().toFile()).path("url").asText();
    return new FederationClient(
        URI.create(url),
        Files.readString(consoleToken(hospital)).strip(),
        FederationTls.trusting(silo.consoleAuthorityFile()));
  }

  private static void decideFreeze(String hospital, String decision) throws Exception {
    ObjectNode order = JsonNodeFactory.instance.objectNode();
    order.put("decision", decision);
    order.put("officer", "Officer of " + hospital);
    order.put("reason", "an exercise");
    try (FederationClient console = console(hospital)) {
      console.post("/api/v1/freezes", order);
    }
  }

  private static int consoleTyped(String hospital, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--home", federation.silo(hospital).home().toString()));
    all.addAll(List.of("--console-token-file", consoleToken(hospital).toString()));
    return run(all);
  }

  private static int server(String person, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(
        List.of(
            "--server",
            operator.server().toString(),
            "--token-file",
            tokens.resolve(person).toString(),
            "--ca",
            federation.folder().resolve("ca.pem").toString()));
    return run(all);
  }

  private static void typed(String... command) {
    assertThat(run(List.of(command))).as("%s", List.of(command)).isZero();
  }

  private static int run(List<String> command) {
    return Concordat.commandLine(Terminal.plain(System.out, System.err))
        .execute(command.toArray(String[]::new));
  }
}
