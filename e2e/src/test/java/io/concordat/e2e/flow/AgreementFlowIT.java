package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.Concordat;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.ConsoleInit;
import io.concordat.homes.SiloHome;
import io.concordat.policies.PolicySignatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agreement in a running federation, by the commands that officers type: a freeze and its thaw,
 * a next version, decisions by hand, and the offline verification of it all.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AgreementFlowIT {
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);

  @TempDir private static Path folder;

  private static LocalFederation federation;
  private static FederationClient scientist;
  private static FederationClient operator;
  private static List<String> connection;

  @BeforeAll
  static void start() throws Exception {
    Programs programs = Programs.ofThisProcess();
    DemoRecords records = DemoRecords.breastCancer(programs.root().resolve("demo-data"));
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = records.write(hospital, folder.resolve("records").resolve(hospital));
      hospitals.add(new LocalFederation.SiloRecords(hospital, Map.of(records.name(), file)));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    federation =
        LocalFederation.create(home, programs, hospitals, 0, Instant.now(), new SystemRandomness());
    federation.start(name -> {});
    scientist = federation.client("scientist");
    operator = federation.client("operator");
    connection =
        List.of(
            "--server",
            operator.server().toString(),
            "--token-file",
            federation.writeTokens().resolve("operator").toString(),
            "--ca",
            federation.folder().resolve("ca.pem").toString());
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
  void oneInstitutionsFileFreezesAndThreeThawByCommand() throws Exception {
    Path freeze = folder.resolve("freeze.json");
    typed(
        "freeze",
        "create",
        "--node-home",
        home("budapest"),
        "--institution",
        "budapest",
        "--reason",
        "an exercise",
        "-o",
        freeze.toString());
    // To one node's home and not to the aggregator: the node obeys it and carries it to the log.
    typed("freeze", "apply", freeze.toString(), "--home", home("cleveland"));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!operator.get("/api/v1/freezes").path("frozen").asBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(200);
    }
    assertThat(refusedSubmission("while-frozen")).isEqualTo("policy.frozen");
    String entry = operator.get("/api/v1/freezes").path("entry").asText();
    for (String hospital : List.of("cleveland", "budapest", "long-beach")) {
      assertThat(operator.get("/api/v1/freezes").path("frozen").asBoolean()).isTrue();
      Path thaw = folder.resolve("thaw-" + hospital + ".json");
      typed(
          "freeze",
          "thaw",
          "--node-home",
          home(hospital),
          "--institution",
          hospital,
          "--freeze",
          entry,
          "--reason",
          "the exercise is over",
          "-o",
          thaw.toString());
      server("freeze", "apply", thaw.toString());
    }
    assertThat(operator.get("/api/v1/freezes").path("frozen").asBoolean()).isFalse();
    assertThat(await(submit("after-the-thaw")).path("state").asText()).isEqualTo("Succeeded");
  }

  @Test
  @Order(2)
  void theNextVersionComesIntoForceEverywhereAndJobsRunUnderIt() throws Exception {
    Path one = federation.folder().resolve("policy.yaml");
    Path two = following(one, 2, "releases: automatic", "releases: manual");
    Path unsigned = following(one, 2, "jobsPerDay: 1000", "jobsPerDay: 7");
    sign(unsigned, List.of("cleveland", "budapest"));
    List<String> command = new ArrayList<>(List.of("policy", "activate", unsigned.toString()));
    command.addAll(connection);
    assertThat(run(command)).as("two signatures of three").isEqualTo(1);
    sign(two, List.of("cleveland", "budapest", "zurich-basel"));
    server("policy", "activate", two.toString());
    assertThat(operator.federation().path("policy").path("version").asInt()).isEqualTo(2);
    String job = submit("under-version-2");
    awaitState(job, "AwaitingApproval");
    for (String hospital : DemoRecords.HOSPITALS) {
      assertThat(scientist.get("/api/v1/jobs/" + job).path("round").asInt()).isZero();
      officer(hospital, "approve", job, "--release", "--reason", "seen");
    }
    assertThat(await(job).path("state").asText()).isEqualTo("Succeeded");
    for (String hospital : DemoRecords.HOSPITALS) {
      assertThat(Path.of(home(hospital), "config", "policies", "2.yaml"))
          .hasSameBinaryContentAs(two);
    }
  }

  @Test
  @Order(3)
  void aRejectedReleaseIsNeverOpened() throws Exception {
    String job = submit("not-to-be-released");
    awaitState(job, "AwaitingApproval");
    officer("long-beach", "reject", job, "--release", "--reason", "too few cases");
    JsonNode ended = await(job);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Refused");
    assertThat(ended.path("code").asText()).isEqualTo("job.not-approved");
    assertThat(ended.path("round").asInt()).isZero();
  }

  @Test
  @Order(4)
  void theOfflineVerificationFollowsTheChainFromEitherVersion() throws Exception {
    Path pack = folder.resolve("pack");
    List<String> export = new ArrayList<>(List.of("audit", "export", "-o", pack.toString()));
    export.addAll(connection);
    assertThat(run(export)).isZero();
    for (Path own :
        List.of(
            federation.folder().resolve("policy.yaml"),
            federation.folder().resolve("policy-2.yaml"))) {
      typed("audit", "verify", pack.toString(), "--policy", own.toString());
    }
  }

  @Test
  @Order(5)
  void aNodeThatWasAwayWhileAVersionCameStartsWithItsOldCopyAndFollows() throws Exception {
    federation.silo("budapest").kill();
    Path three =
        following(
            federation.folder().resolve("policy-2.yaml"),
            3,
            "releases: manual",
            "releases: automatic");
    sign(three, List.of("cleveland", "budapest", "zurich-basel"));
    server("policy", "activate", three.toString());
    federation.silo("budapest").start();
    federation.silo("budapest").awaitReady();
    assertThat(await(submit("under-version-3")).path("state").asText()).isEqualTo("Succeeded");
    assertThat(Path.of(home("budapest"), "config", "policies", "3.yaml")).exists();
  }

  @Test
  @Order(6)
  void aDryRunSaysWhatASilosOwnOverlayForbidsUntilTheOverlayIsGone() throws Exception {
    Path overlay = Path.of(home("cleveland"), "config", "overlay.yaml");
    Files.writeString(
        overlay,
        "schema: site/1\nfederation: cardio-demo\ninstitution: cleveland\n"
            + "analyses: [{kind: train, models: [mlp], maxParameters: 50, maxRounds: 5}]\n");
    federation.silo("cleveland").kill();
    federation.silo("cleveland").start();
    federation.silo("cleveland").awaitReady();
    JsonNode forbidden = awaitPrice(1);
    assertThat(forbidden.path("allowed").asBoolean()).isTrue();
    assertThat(forbidden.path("staysOut").path(0).path("silo").asText()).isEqualTo("cleveland");
    assertThat(forbidden.path("staysOut").path(0).path("rule").asText())
        .isEqualTo("job.outside-policy");
    Files.delete(overlay);
    federation.silo("cleveland").kill();
    federation.silo("cleveland").start();
    federation.silo("cleveland").awaitReady();
    assertThat(awaitPrice(0).path("allowed").asBoolean()).isTrue();
  }

  /** A dry run of statistics, asked until the node's declaration has reached the log. */
  private static JsonNode awaitPrice(int staysOut) throws Exception {
    SignedJobFile signed = job("only-asked");
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      JsonNode price =
          scientist.submit(signed.text(), signed.submitter(), signed.signature(), true);
      if (price.path("staysOut").size() == staysOut) {
        return price;
      }
      assertThat(System.nanoTime()).as("%s", price).isLessThan(deadline);
      Thread.sleep(200);
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
    Path file =
        federation
            .folder()
            .resolve("policy-" + version + (to.equals("jobsPerDay: 7") ? "x" : "") + ".yaml");
    Files.writeString(file, next);
    return file;
  }

  private static void sign(Path policy, List<String> institutions) throws Exception {
    byte[] bytes = Files.readAllBytes(policy);
    PolicySignatures signatures = PolicySignatures.none(bytes);
    for (String institution : institutions) {
      signatures = signatures.sign(bytes, federation.officer(institution));
    }
    Files.write(policy.resolveSibling(policy.getFileName() + ".sig"), signatures.write());
  }

  private static String home(String hospital) {
    return federation.silo(hospital).home().toString();
  }

  private static void officer(String hospital, String... decision) throws Exception {
    Path token = folder.resolve("console-" + hospital);
    if (!Files.exists(token)) {
      SiloHome silo = new SiloHome(Path.of(home(hospital)));
      Files.writeString(token, new ConsoleInit(silo, new SystemRandomness()).newToken());
    }
    List<String> command = new ArrayList<>(List.of("approval"));
    command.addAll(List.of(decision));
    command.addAll(List.of("--officer", "Officer of " + hospital, "--home", home(hospital)));
    command.addAll(List.of("--console-token-file", token.toString()));
    assertThat(run(command)).as("%s", command).isZero();
  }

  private static void typed(String... command) {
    assertThat(run(List.of(command))).as("%s", List.of(command)).isZero();
  }

  private static void server(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(connection);
    assertThat(run(all)).as("%s", all).isZero();
  }

  private static int run(List<String> command) {
    return Concordat.commandLine(Terminal.plain(System.out, System.err))
        .execute(command.toArray(String[]::new));
  }

  private static SignedJobFile job(String name) throws Exception {
    String text =
        "schema: job/1\nname: "
            + name
            + "\nfederation: cardio-demo\ndataset: breast-cancer\n"
            + "analysis: {kind: statistics, columns: [radius_mean, diagnosis]}\n";
    return SignedJobFile.sign(
        text.getBytes(StandardCharsets.UTF_8), name + ".yaml", federation.submitter());
  }

  private static String submit(String name) throws Exception {
    SignedJobFile signed = job(name);
    return scientist
        .submit(signed.text(), signed.submitter(), signed.signature(), false)
        .path("id")
        .asText();
  }

  private static String refusedSubmission(String name) throws Exception {
    SignedJobFile signed = job(name);
    try {
      scientist.submit(signed.text(), signed.submitter(), signed.signature(), false);
      return "accepted";
    } catch (ProblemException refused) {
      return refused.code();
    }
  }

  private static void awaitState(String job, String state) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      String found = scientist.get("/api/v1/jobs/" + job).path("state").asText();
      if (found.equals(state)) {
        return;
      }
      assertThat(System.nanoTime()).as("is %s, not %s", found, state).isLessThan(deadline);
      Thread.sleep(100);
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
}
