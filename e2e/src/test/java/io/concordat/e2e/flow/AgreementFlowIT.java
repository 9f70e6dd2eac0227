package io.concordat.e2e.flow;

import static io.concordat.e2e.flow.Typed.typed;
import static io.concordat.e2e.flow.Typed.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.client.demo.data.DemoRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * a next version, decisions by hand, an overlay, and the offline verification of it all.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class AgreementFlowIT {
  @TempDir private static Path folder;

  private static AgreedFederation people;

  @BeforeAll
  static void start() throws Exception {
    people =
        new AgreedFederation(folder, List.of(DemoRecords.breastCancer(AgreedFederation.data())));
  }

  @AfterAll
  static void stop() throws Exception {
    if (people != null) {
      people.close();
    }
  }

  private static boolean frozen() throws Exception {
    return people.operator.get("/api/v1/freezes").path("frozen").asBoolean();
  }

  private static SignedJobFile job(String name) throws Exception {
    return people.statistics(name, "breast-cancer", "radius_mean, diagnosis", "");
  }

  @Test
  @Order(1)
  void oneInstitutionsFileFreezesAndThreeThawByCommand() throws Exception {
    Path freeze = folder.resolve("freeze.json");
    typed(
        "freeze",
        "create",
        "--node-home",
        people.home("budapest"),
        "--institution",
        "budapest",
        "--reason",
        "an exercise",
        "-o",
        freeze);
    // To one node's home and not to the aggregator: the node obeys it and carries it to the log.
    typed("freeze", "apply", freeze, "--home", people.home("cleveland"));
    until("the log has the freeze", AgreementFlowIT::frozen);
    assertThat(people.refusal(job("while-frozen"))).isEqualTo("policy.frozen");
    String entry = people.operator.get("/api/v1/freezes").path("entry").asText();
    for (String hospital : List.of("cleveland", "budapest", "long-beach")) {
      assertThat(frozen()).isTrue();
      Path thaw = folder.resolve("thaw-" + hospital + ".json");
      typed(
          "freeze",
          "thaw",
          "--node-home",
          people.home(hospital),
          "--institution",
          hospital,
          "--freeze",
          entry,
          "--reason",
          "the exercise is over",
          "-o",
          thaw);
      people.server("freeze", "apply", thaw);
    }
    assertThat(frozen()).isFalse();
    people.succeeded(people.submit(job("after-the-thaw")));
  }

  @Test
  @Order(2)
  void theNextVersionComesIntoForceEverywhereAndJobsRunUnderIt() throws Exception {
    Path two = people.following(1, "releases: automatic", "releases: manual");
    Path few = folder.resolve("policy-2-of-few.yaml");
    people.draft(1, "jobsPerDay: 1000", "jobsPerDay: 7", few);
    people.sign(few, List.of("cleveland", "budapest"));
    assertThat(people.by("operator", "policy", "activate", few).status())
        .as("two signatures of three")
        .isEqualTo(1);
    people.sign(two, AgreedFederation.SIGNERS);
    people.server("policy", "activate", two);
    assertThat(people.operator.federation().path("policy").path("version").asInt()).isEqualTo(2);
    String job = people.submit(job("under-version-2"));
    people.awaitState(job, "AwaitingApproval");
    for (String hospital : DemoRecords.HOSPITALS) {
      assertThat(people.find(job).path("round").asInt()).isZero();
      people.officer(hospital, "approve", job, "--release", "--reason", "seen");
    }
    people.succeeded(job);
    for (String hospital : DemoRecords.HOSPITALS) {
      assertThat(people.home(hospital).resolve("config/policies/2.yaml"))
          .hasSameBinaryContentAs(two);
    }
  }

  @Test
  @Order(3)
  void aRejectedReleaseIsNeverOpened() throws Exception {
    String job = people.submit(job("not-to-be-released"));
    people.awaitState(job, "AwaitingApproval");
    people.officer("long-beach", "reject", job, "--release", "--reason", "too few cases");
    JsonNode ended = people.await(job);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Refused");
    assertThat(ended.path("code").asText()).isEqualTo("job.not-approved");
    assertThat(ended.path("round").asInt()).isZero();
  }

  @Test
  @Order(4)
  void theOfflineVerificationFollowsTheChainFromEitherVersion() throws Exception {
    Path pack = folder.resolve("pack");
    people.server("audit", "export", "-o", pack);
    for (int version = 1; version <= 2; version++) {
      typed("audit", "verify", pack, "--policy", people.policy(version));
    }
  }

  @Test
  @Order(5)
  void aNodeThatWasAwayWhileAVersionCameStartsWithItsOldCopyAndFollows() throws Exception {
    people.federation.silo("budapest").kill();
    Path three = people.following(2, "releases: manual", "releases: automatic");
    people.sign(three, AgreedFederation.SIGNERS);
    people.server("policy", "activate", three);
    people.federation.silo("budapest").start();
    people.federation.silo("budapest").awaitReady();
    people.succeeded(people.submit(job("under-version-3")));
    assertThat(people.home("budapest").resolve("config/policies/3.yaml")).exists();
  }

  @Test
  @Order(6)
  void aDryRunSaysWhatASilosOwnOverlayForbidsUntilTheOverlayIsGone() throws Exception {
    Path overlay = people.home("cleveland").resolve("config/overlay.yaml");
    Files.writeString(
        overlay,
        "schema: site/1\nfederation: cardio-demo\ninstitution: cleveland\n"
            + "analyses: [{kind: train, models: [mlp], maxParameters: 50, maxRounds: 5}]\n");
    restart("cleveland");
    JsonNode forbidden = awaitPrice(1);
    assertThat(forbidden.path("allowed").asBoolean()).isTrue();
    assertThat(forbidden.path("staysOut").path(0).path("silo").asText()).isEqualTo("cleveland");
    assertThat(forbidden.path("staysOut").path(0).path("rule").asText())
        .isEqualTo("job.outside-policy");
    Files.delete(overlay);
    restart("cleveland");
    assertThat(awaitPrice(0).path("allowed").asBoolean()).isTrue();
  }

  /**
   * Every endpoint of a console times every kind of caller: an institution decides on its own node
   * by its own token, and no token of the federation or of a neighbour is worth anything there.
   */
  @Test
  @Order(7)
  void aConsoleAnswersItsOwnInstitutionsTokenAndNoOther() throws Exception {
    Map<String, Integer> rows = new TreeMap<>();
    for (String path : List.of("status", "budget", "audit", "approvals", "freezes", "templates")) {
      rows.put("GET /api/v1/" + path, 200);
    }
    for (String path : List.of("submitters", "approvals", "freezes", "templates")) {
      rows.put("POST /api/v1/" + path, 400);
    }
    assertThat(rows.keySet()).isEqualTo(ConsoleEndpoints.compiled());
    try (Console own = people.console("cleveland");
        Console neighbour = people.console("budapest")) {
      String foreign = Files.readString(people.consoleToken("budapest")).strip();
      Map<String, Console> strangers = new TreeMap<>();
      strangers.put("nobody", own.as(""));
      strangers.put("a made-up token", own.as("cct_" + "A".repeat(43)));
      strangers.put("the token of another institution's console", own.as(foreign));
      for (String person : List.of("scientist", "officer", "operator")) {
        strangers.put("the federation's " + person, own.as(people.token(person)));
      }
      List<String> faults = new ArrayList<>();
      for (Map.Entry<String, Integer> row : rows.entrySet()) {
        if (own.call(row.getKey()) != row.getValue()) {
          faults.add("its own token: " + row.getKey());
        }
        if (neighbour.call(row.getKey()) != row.getValue()) {
          faults.add("the neighbour's token at the neighbour: " + row.getKey());
        }
        for (Map.Entry<String, Console> stranger : strangers.entrySet()) {
          if (stranger.getValue().call(row.getKey()) != 401) {
            faults.add(stranger.getKey() + ": " + row.getKey());
          }
        }
      }
      assertThat(faults).isEmpty();
    }
  }

  private static void restart(String hospital) throws Exception {
    ServiceProcess silo = people.federation.silo(hospital);
    silo.kill();
    silo.start();
    silo.awaitReady();
  }

  /** A dry run of statistics, asked until the node's declaration has reached the log. */
  private static JsonNode awaitPrice(int staysOut) throws Exception {
    SignedJobFile signed = job("only-asked");
    until(
        staysOut + " silos stay out",
        () -> people.price(signed).path("staysOut").size() == staysOut);
    return people.price(signed);
  }
}
