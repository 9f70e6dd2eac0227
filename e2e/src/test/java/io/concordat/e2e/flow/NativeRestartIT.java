package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.crypto.random.SystemRandomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native executables on PostgreSQL, killed at every state of a round. The server, not the killed
 * program, is asked in which state that was: of the aggregator after its death, of a node just
 * before it.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NativeRestartIT {
  private static final List<String> STATES =
      List.of("Collecting", "CohortFixed", "Opening", "Opened");

  private static final String LATEST =
      "select state from rounds where announced_at = (select max(announced_at) from rounds)";

  /** Between the server's word and the kill a short state may pass; so often it is no bad luck. */
  private static final int MAX_KILLS_FOR_A_STATE = 40;

  @TempDir private static Path folder;

  private static Postgres server;
  private static String database;
  private static Hospitals hospitals;

  @BeforeAll
  static void start() throws Exception {
    // The server's own user must reach its folder.
    Path open = Files.createTempDirectory("concordat-postgres-");
    server = Postgres.start(open);
    hospitals =
        Hospitals.create(
            folder.resolve("federation"), Programs.executables(), new SystemRandomness());
    database = hospitals.use(server, "aggregator");
    hospitals.use(server, "budapest");
    hospitals.start();
  }

  /** The demo's federated averaging, on records without a budget that many jobs would use up. */
  private static String manyRounds(String name) throws Exception {
    Path job = Programs.executables().root().resolve("demo-data/jobs/breast-cancer.yaml");
    return Files.readString(job)
        .replace("name: breast-cancer", "name: killed-" + name)
        .replace("rounds: 10", "rounds: 30");
  }

  @AfterAll
  static void stop() throws Exception {
    if (hospitals != null) {
      hospitals.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void finishEveryJobThoughKilledInEveryStateOfARound() throws Exception {
    assertThat(server.ask(database, "select count(*) from flyway_schema_history where success"))
        .isNotEqualTo("0");
    assertThat(server.ask("budapest", "select count(*) from core_rows")).isNotBlank();
    for (String victim : List.of("aggregator", "budapest")) {
      Set<String> hit = new TreeSet<>();
      int jobs = 0;
      String job = hospitals.submit(manyRounds(victim + "-" + jobs));
      for (String state : STATES) {
        for (int kills = 0; !hit.contains(state); kills++) {
          assertThat(kills)
              .as("kills of %s for %s, hit %s", victim, state, hit)
              .isLessThan(MAX_KILLS_FOR_A_STATE);
          if (!running(job)) {
            succeeded(job);
            job = hospitals.submit(manyRounds(victim + "-" + ++jobs));
          }
          String named =
              server.ask(database, until(state) + "; " + LATEST).lines().toList().getLast();
          ServiceProcess process =
              victim.equals("aggregator")
                  ? hospitals.federation().aggregator()
                  : hospitals.federation().silo(victim);
          process.kill();
          // With the aggregator the round stands still; without a node it goes on at once.
          hit.add(victim.equals("aggregator") ? server.ask(database, LATEST) : named);
          process.start();
          process.awaitReady();
        }
      }
      succeeded(job);
    }
  }

  /**
   * Waits inside the server, for some seconds at most: a program of its own would look too late.
   */
  private static String until(String state) {
    return "do $$ begin for i in 1..5000 loop if ("
        + LATEST
        + ") = '"
        + state
        + "' then return; end if; perform pg_sleep(0.001); end loop; end $$";
  }

  private static boolean running(String id) throws Exception {
    String state = hospitals.scientist().get("/api/v1/jobs/" + id).path("state").asText();
    return state.equals("Running") || state.equals("Submitted");
  }

  private static void succeeded(String id) throws Exception {
    JsonNode job = hospitals.await(id);
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
  }
}
