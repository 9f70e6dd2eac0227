package io.concordat.e2e.flow;

import static io.concordat.e2e.flow.Typed.typed;
import static io.concordat.e2e.flow.Typed.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.crypto.pki.Certificates;
import io.concordat.homes.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * under a job, a key that moves into a token, a bad line, certificates of either side that have
 * ended. Enrolment from an invitation is in {@link GrowingAgreementFlowIT}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class IdentityFlowIT {
  private static final Path SOFTHSM = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  private static final Duration MONTH = Duration.ofDays(30);

  /** Certificates begin an hour before they are made, so this one is past half of its life. */
  private static final Duration SOON_OVER = Duration.ofMinutes(30);

  @TempDir private static Path folder;

  private static CertifiedFederation people;
  private static Relay relay;
  private static boolean token;

  @BeforeAll
  static void start() throws Exception {
    people = new CertifiedFederation(folder);
    people.allowLargeModels();
    for (String hospital : DemoRecords.HOSPITALS) {
      people.handIn(hospital, Instant.now(), SOON_OVER);
    }
    relay = people.badLine("long-beach");
    token = hold("zurich-basel");
    people.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (people != null) {
      people.close();
    }
    if (relay != null) {
      relay.close();
    }
  }

  /**
   * Has the node's next TLS key made in a SoftHSM token, and the aggregator's key store wrapped by
   * it; false where there is none.
   */
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
    typed("silo", "hold", "--home", people.home(hospital), "--library", SOFTHSM, "--pin-file", pin);
    Path aggregator = people.federation.aggregator().home();
    typed("aggregator", "wrap", "--home", aggregator, "--library", SOFTHSM, "--pin-file", pin);
    return true;
  }

  @Test
  @Order(1)
  void everyCertificateIsRenewedUnderARunningJobAndTheOldOnesAreClosed() throws Exception {
    // Slow enough that the job cannot be over before the renewals are.
    relay.millisPerPart = 150;
    Map<String, String> old = new LinkedHashMap<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      old.put(hospital, Certificates.keyDigest(people.certificate(hospital)).toString());
    }
    String job = people.submit("through-renewals", "[16]", 40);
    until("two rounds are open", () -> people.job(job).path("round").asInt() >= 2);
    until(
        "the authority's machine has signed four renewals",
        () -> {
          people.server(
              "pki",
              "renew",
              "--dir",
              people.authority().folder(),
              "--policy",
              people.federation.folder().resolve("policy.yaml"));
          return people.count("node.renewed") >= 4;
        });
    for (Map.Entry<String, String> key : old.entrySet()) {
      String hospital = key.getKey();
      until(
          hospital + " dials with its new certificate",
          () -> people.log(hospital).contains("New TLS certificate"));
      // From here on whoever still shows the old certificate is turned away.
      people.server(
          "aggregator", "revoke", hospital, "--key", key.getValue(), "--reason", "replaced");
    }
    JsonNode running = people.job(job);
    assertThat(running.path("state").asText())
        .as("still running: %s", running)
        .isNotIn(CertifiedFederation.ENDS);
    relay.millisPerPart = 0;
    JsonNode ended = people.succeeded(job);
    assertThat(ended.path("round").asInt()).isGreaterThan(running.path("round").asInt());
    for (String hospital : DemoRecords.HOSPITALS) {
      assertThat(Certificates.keyDigest(people.certificate(hospital)).toString())
          .isNotEqualTo(old.get(hospital));
    }
  }

  @Test
  @Order(2)
  void aNodeWhoseKeyMovedIntoATokenWorksOn() throws Exception {
    Assumptions.assumeTrue(token, "no SoftHSM2");
    Home home = new Home(people.home("zurich-basel"));
    assertThat(home.tlsKeyStoreFile()).doesNotExist();
    assertThat(Files.readString(home.tlsHeldFile())).doesNotContain("PRIVATE");
    assertThat(people.log("zurich-basel")).contains("the token holds its key");
    people.federation.silo("zurich-basel").kill();
    people.federation.silo("zurich-basel").start();
    people.federation.silo("zurich-basel").awaitReady();
    people.succeeded(people.submit("with-a-held-key", "[4]", 2));
    Path wrapped = people.federation.aggregator().home().resolve("keys/tls.password");
    assertThat(Files.readString(wrapped)).startsWith("pkcs11:");
    assertThat(people.doctor("zurich-basel"))
        .contains("its key in the token")
        .contains("ok    upload")
        .doesNotContain("FAIL");
  }

  @Test
  @Order(3)
  void aLargeContributionGetsThroughALineThatBreaksAgainAndAgain() throws Exception {
    long before = relay.passed();
    relay.millisPerPart = 5;
    // A chunk is 4 MiB: some connections live long enough for one, most do not.
    relay.bytesToACut = 6 << 20;
    try {
      String job = people.submit("over-a-bad-line", "[1250, 1250]", 1);
      people.succeeded(job);
      assertThat(relay.cuts()).isPositive();
      assertThat(relay.passed() - before).isGreaterThan(4L << 20);
      for (JsonNode round : people.rounds(job)) {
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
    people.federation.silo("budapest").close();
    people.handIn("budapest", Instant.now().minus(Duration.ofDays(31)), MONTH);
    people.federation.silo("budapest").start();
    String words = "the aggregator did not take this node's certificate";
    until("the node names its certificate", () -> people.log("budapest").contains(words));
    assertThat(people.log("budapest"))
        .contains("This node's TLS certificate is valid from")
        .contains("ask the aggregator's operator for a new invitation");
    until(
        "the aggregator names the node",
        () ->
            Files.readString(people.federation.aggregator().log())
                .contains("Refused a connection of budapest: auth.expired"));
    until("the officers see it", () -> people.entries().contains("auth.expired"));
    // Why the upload fails the alert says, unless the closing of the connection overtakes it.
    assertThat(people.doctor("budapest")).contains("FAIL  certificate").contains("FAIL  upload");
    // Put in beside the running node, which takes it up.
    people.handIn("budapest", Instant.now(), MONTH);
    people.federation.silo("budapest").awaitReady();
    assertThat(people.doctor("budapest")).doesNotContain("FAIL");
  }

  @Test
  @Order(5)
  void everyNodeRefusesAnAggregatorWhoseCertificateHasEndedAndNamesIt() throws Exception {
    Instant month = Instant.now().minus(Duration.ofDays(31));
    people.federation.aggregator().close();
    people.handInAggregator(month, MONTH);
    people.federation.aggregator().start();
    people.federation.aggregator().awaitReady();
    String end = month.plus(MONTH).truncatedTo(ChronoUnit.SECONDS).toString();
    for (String hospital : DemoRecords.HOSPITALS) {
      until(
          hospital + " names the aggregator's certificate and its end",
          () ->
              people
                  .log(hospital)
                  .lines()
                  .anyMatch(line ->
                      line.contains("the aggregator's certificate has expired (")
                          && line.contains(end)));
    }
    assertThat(people.doctor("cleveland"))
        .contains("FAIL  aggregator")
        .contains("until " + end)
        .contains("it has expired")
        .contains("ok    certificate");
    assertThat(Files.readString(people.federation.aggregator().log()))
        .contains("This aggregator's certificate")
        .contains(end);
    // The running service takes a replaced certificate up; nobody restarts anything.
    people.handInAggregator(Instant.now(), MONTH);
    until("cleveland is back", () -> !people.doctor("cleveland").contains("FAIL"));
    people.succeeded(people.submit("after-it-all", "[4]", 1));
  }
}
