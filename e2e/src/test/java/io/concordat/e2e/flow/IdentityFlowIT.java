package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.Concordat;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.AuthorityFolder;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import io.concordat.policies.PolicySignatures;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates over time in a running federation, by the commands that its people type: renewals
 * under a job, a key that moves into a token, a bad line, certificates that have ended.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class IdentityFlowIT {
  private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final Path SOFTHSM = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  private static final char[] PASSWORD = "short-lived".toCharArray();

  /** Certificates begin an hour before they are made, so this one is past half of its life. */
  private static final Duration SOON_OVER = Duration.ofMinutes(30);

  @TempDir private static Path folder;

  private static LocalFederation federation;
  private static FederationClient scientist;
  private static FederationClient operator;
  private static List<String> connection;
  private static Relay relay;
  private static boolean token;

  @BeforeAll
  static void start() throws Exception {
    Programs programs = Programs.ofThisProcess().brief();
    DemoRecords records = DemoRecords.breastCancer(programs.root().resolve("demo-data"));
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = records.write(hospital, folder.resolve("records").resolve(hospital));
      hospitals.add(new LocalFederation.SiloRecords(hospital, Map.of(records.name(), file)));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    federation = LocalFederation.create(home, programs, hospitals, 0, Instant.now(), RANDOMNESS);
    allowLargeModels();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path settings = home(hospital).resolve("config/application.yaml");
      Files.writeString(
          settings, Files.readString(settings) + "concordat.renewal-check: \"PT1S\"\n");
      handIn(hospital, Instant.now(), SOON_OVER);
    }
    badLine("long-beach");
    token = hold("zurich-basel");
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
            authority().certificate().toString());
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
    if (relay != null) {
      relay.close();
    }
  }

  // ---- what is there before the start

  private static AuthorityFolder authority() {
    return new AuthorityFolder(federation.folder().resolve("ca"));
  }

  private static Path home(String hospital) {
    return federation.silo(hospital).home();
  }

  /** A certificate of the federation's authority for a key of the node's, put into its home. */
  private static void handIn(String hospital, Instant from, Duration life) throws Exception {
    CertificateAuthority authority = authority().open();
    TlsKey key = TlsKey.generate(RANDOMNESS);
    Path store = folder.resolve(hospital + "-" + from.toEpochMilli() + ".p12");
    new TlsIdentity(
            key,
            List.of(
                authority.issueNode(
                    CertificateRequest.create(key, hospital), hospital, from, life, RANDOMNESS)))
        .save(store, PASSWORD);
    Files.writeString(store.resolveSibling(store.getFileName() + ".password"), "short-lived");
    typed(
        "silo",
        "init",
        "--home",
        home(hospital).toString(),
        "--institution",
        hospital,
        "--tls",
        store.toString(),
        "--ca",
        authority().certificate().toString());
  }

  private static void badLine(String hospital) throws Exception {
    Path settings = home(hospital).resolve("config/application.yaml");
    String text = Files.readString(settings);
    Matcher address = Pattern.compile("https://localhost:(\\d+)").matcher(text);
    assertThat(address.find()).isTrue();
    relay = new Relay(Integer.parseInt(address.group(1)));
    Files.writeString(
        settings, text.replace(address.group(), "https://localhost:" + relay.port()));
  }

  /** The policy of the demo for models of more than a chunk, signed again by everybody. */
  private static void allowLargeModels() throws Exception {
    Path file = federation.folder().resolve("policy.yaml");
    String text = Files.readString(file);
    assertThat(text).contains("maxParameters: 1000000");
    Files.writeString(file, text.replace("maxParameters: 1000000", "maxParameters: 4000000"));
    byte[] bytes = Files.readAllBytes(file);
    PolicySignatures signatures = PolicySignatures.none(bytes);
    for (String hospital : DemoRecords.HOSPITALS) {
      signatures = signatures.sign(bytes, federation.officer(hospital));
    }
    Files.write(file.resolveSibling("policy.yaml.sig"), signatures.write());
    typed(
        "aggregator",
        "init",
        "--home",
        federation.aggregator().home().toString(),
        "--policy",
        file.toString());
    for (String hospital : DemoRecords.HOSPITALS) {
      typed(
          "silo",
          "init",
          "--home",
          home(hospital).toString(),
          "--institution",
          hospital,
          "--policy",
          file.toString());
    }
  }

  /** Has the node's next TLS key made in a SoftHSM token; false where there is none. */
  private static boolean hold(String hospital) throws Exception {
    String config = System.getenv("SOFTHSM2_CONF");
    if (!Files.exists(SOFTHSM) || config == null) {
      System.err.println(
          "\n*** NOT TESTED with a TLS key in a token: SoftHSM2 is not installed (apt-get install"
              + " softhsm2), or SOFTHSM2_CONF is not set ***\n");
      return false;
    }
    Path tokens = Files.createDirectories(folder.resolve("tokens"));
    Files.writeString(
        Path.of(config), "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    Process made =
        new ProcessBuilder(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "concordat",
                "--pin",
                "4711",
                "--so-pin",
                "0815")
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    Path pin = Files.writeString(folder.resolve("pin"), "4711\n");
    typed(
        "silo",
        "hold",
        "--home",
        home(hospital).toString(),
        "--library",
        SOFTHSM.toString(),
        "--pin-file",
        pin.toString());
    return true;
  }

  // ---- what happens

  @Test
  @Order(1)
  void everyCertificateIsRenewedUnderARunningJobAndTheOldOnesAreClosed() throws Exception {
    // Slow enough that the job cannot be over before the renewals are.
    relay.millisPerPart = 150;
    Map<String, String> old = new LinkedHashMap<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      TlsIdentity before =
          new NodeCertificateFiles(new SiloHome(home(hospital)), RANDOMNESS)
              .current()
              .orElseThrow();
      old.put(hospital, Certificates.keyDigest(before.certificate()).toString());
    }
    String job = submit("through-renewals", "[16]", 40);
    until("two rounds are open", () -> round(job) >= 2);
    until(
        "the authority's machine has signed four renewals",
        () -> {
          server(
              "pki",
              "renew",
              "--dir",
              authority().folder().toString(),
              "--policy",
              federation.folder().resolve("policy.yaml").toString());
          return count(entries(), "node.renewed") >= 4;
        });
    for (String hospital : DemoRecords.HOSPITALS) {
      until(
          hospital + " dials with its new certificate",
          () -> log(hospital).contains("New TLS certificate"));
      // From here on whoever still shows the old certificate is turned away.
      server(
          "aggregator", "revoke", hospital, "--key", old.get(hospital), "--reason", "replaced");
    }
    int renewed = round(job);
    assertThat(scientist.get("/api/v1/jobs/" + job).path("state").asText())
        .as("the job still runs after %s rounds", renewed)
        .isNotIn(ENDS);
    relay.millisPerPart = 0;
    JsonNode ended = await(job);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Succeeded");
    assertThat(ended.path("round").asInt()).isGreaterThan(renewed);
    for (String hospital : DemoRecords.HOSPITALS) {
      assertThat(
              Certificates.keyDigest(
                      new NodeCertificateFiles(new SiloHome(home(hospital)), RANDOMNESS)
                          .current()
                          .orElseThrow()
                          .certificate())
                  .toString())
          .isNotEqualTo(old.get(hospital));
    }
  }

  @Test
  @Order(2)
  void aNodeWhoseKeyMovedIntoATokenWorksOn() throws Exception {
    Assumptions.assumeTrue(token, "no SoftHSM2");
    SiloHome silo = new SiloHome(home("zurich-basel"));
    assertThat(silo.home().tlsKeyStoreFile()).doesNotExist();
    assertThat(Files.readString(silo.home().tlsHeldFile())).doesNotContain("PRIVATE");
    assertThat(log("zurich-basel")).contains("the token holds its key");
    federation.silo("zurich-basel").kill();
    federation.silo("zurich-basel").start();
    federation.silo("zurich-basel").awaitReady();
    JsonNode ended = await(submit("with-a-held-key", "[4]", 2));
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Succeeded");
    assertThat(doctor("zurich-basel")).contains("its key in the token").contains("ok    upload");
  }

  @Test
  @Order(3)
  void aLargeContributionGetsThroughALineThatBreaksAgainAndAgain() throws Exception {
    long before = relay.passed();
    relay.millisPerPart = 5;
    // A chunk is 4 MiB: some connections live long enough for one, most do not.
    relay.bytesToACut = 6 << 20;
    try {
      String job = submit("over-a-bad-line", "[1250, 1250]", 1);
      JsonNode ended = await(job);
      assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Succeeded");
      assertThat(relay.cuts()).isPositive();
      assertThat(relay.passed() - before).isGreaterThan(4L << 20);
      for (JsonNode round : scientist.get("/api/v1/jobs/" + job + "/rounds").path("items")) {
        assertThat(round.path("contributors").asInt()).as("%s", round).isEqualTo(4);
      }
    } finally {
      relay.millisPerPart = 0;
      relay.bytesToACut = 0;
    }
  }

  @Test
  @Order(4)
  void aNodeWithAnEndedCertificateSaysSoAndComesBackWithANewOne() throws Exception {
    federation.silo("budapest").close();
    handIn("budapest", Instant.now().minus(Duration.ofDays(31)), Duration.ofDays(30));
    federation.silo("budapest").start();
    until(
        "the node names its certificate",
        () -> log("budapest").contains("the aggregator did not take this node's certificate"));
    until(
        "the aggregator names the node",
        () ->
            Files.readString(federation.aggregator().log())
                .contains("Refused a connection of budapest: auth.expired"));
    until("the officers see it", () -> entries().contains("auth.expired"));
    assertThat(doctor("budapest"))
        .contains("FAIL  certificate")
        .contains("FAIL  upload        the aggregator did not take this node's certificate");
    // The invitation would do the same; a certificate that was made elsewhere is the short way.
    handIn("budapest", Instant.now(), Duration.ofDays(30));
    federation.silo("budapest").awaitReady();
    assertThat(doctor("budapest")).doesNotContain("FAIL");
  }

  @Test
  @Order(5)
  void nodesDoNotSpeakToAnAggregatorWhoseCertificateHasEnded() throws Exception {
    Path good = folder.resolve("aggregator-good.p12");
    certify(good, Instant.now(), Duration.ofDays(30));
    Path ended = folder.resolve("aggregator-ended.p12");
    certify(ended, Instant.now().minus(Duration.ofDays(31)), Duration.ofDays(30));
    restart(ended);
    for (String hospital : DemoRecords.HOSPITALS) {
      until(
          hospital + " names the aggregator's certificate",
          () -> log(hospital).contains("the aggregator's certificate has expired"));
    }
    assertThat(doctor("cleveland")).contains("the aggregator's certificate has expired");
    // The running service takes a replaced certificate up; nobody restarts anything.
    replace(good);
    until("cleveland is back", () -> !doctor("cleveland").contains("FAIL"));
    JsonNode job = await(submit("after-it-all", "[4]", 1));
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
  }

  private static void certify(Path store, Instant from, Duration life) throws Exception {
    TlsKey key = TlsKey.generate(RANDOMNESS);
    new TlsIdentity(
            key,
            List.of(
                authority()
                    .open()
                    .issueServer(
                        CertificateRequest.create(key, "aggregator"),
                        List.of(),
                        from,
                        life,
                        RANDOMNESS)))
        .save(store, PASSWORD);
    Files.writeString(store.resolveSibling(store.getFileName() + ".password"), "short-lived");
  }

  private static void restart(Path certificate) throws Exception {
    federation.aggregator().close();
    replace(certificate);
    federation.aggregator().start();
    federation.aggregator().awaitReady();
  }

  private static void replace(Path certificate) {
    typed(
        "aggregator",
        "init",
        "--home",
        federation.aggregator().home().toString(),
        "--tls",
        certificate.toString(),
        "--ca",
        authority().certificate().toString());
  }

  // ---- by hand

  private static String doctor(String hospital) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    Concordat.commandLine(Terminal.plain(out, out))
        .execute("silo", "doctor", "--home", home(hospital).toString());
    return said.toString(StandardCharsets.UTF_8);
  }

  private static void typed(String... command) {
    assertThat(
            Concordat.commandLine(Terminal.plain(System.out, System.err)).execute(command))
        .as("%s", List.of(command))
        .isZero();
  }

  private static void server(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(connection);
    typed(all.toArray(String[]::new));
  }

  private static void until(String what, Callable<Boolean> holds) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(200);
    }
  }

  private static String log(String hospital) throws Exception {
    return Files.readString(federation.silo(hospital).log());
  }

  private static String entries() throws Exception {
    return operator.text("/api/v1/audit/entries?limit=500&after=" + Math.max(0, size() - 400));
  }

  private static long size() throws Exception {
    return operator.federation().path("log").path("size").asLong();
  }

  private static int count(String text, String word) {
    Matcher found = Pattern.compile("\"type\":\"" + Pattern.quote(word) + "\"").matcher(text);
    return (int) found.results().count();
  }

  private static int round(String job) throws Exception {
    return scientist.get("/api/v1/jobs/" + job).path("round").asInt();
  }

  private static String submit(String name, String hidden, int rounds) throws Exception {
    String text =
        """
        schema: job/1
        name: %s
        federation: cardio-demo
        dataset: breast-cancer
        analysis:
          kind: train
          model: {kind: mlp, hidden: %s, seed: 1, features: [radius_mean, area_mean], label: malignant, scaling: schema}
          strategy:
            kind: fedavg
            rounds: %s
            localEpochs: 1
            batch: 64
            learningRate: "0.1"
            encoding: {bits: 20, range: "4.0"}
        """
            .formatted(name, hidden, rounds);
    SignedJobFile signed =
        SignedJobFile.sign(
            text.getBytes(StandardCharsets.UTF_8), name + ".yaml", federation.submitter());
    return scientist
        .submit(signed.text(), signed.submitter(), signed.signature(), false)
        .path("id")
        .asText();
  }

  private static JsonNode await(String id) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonNode job = scientist.get("/api/v1/jobs/" + id);
      if (ENDS.contains(job.path("state").asText()) || System.nanoTime() > deadline) {
        return job;
      }
      Thread.sleep(100);
    }
  }
}
