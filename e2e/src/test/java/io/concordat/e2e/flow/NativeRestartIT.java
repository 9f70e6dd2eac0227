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
 * program, is asked in which state that was.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NativeRestartIT {
  private static final Set<String> STATES =
      Set.of("Collecting", "CohortFixed", "Opening", "Opened");

  private static final String LATEST =
      "select state from rounds where announced_at = (select max(announced_at) from rounds)";

  /** Each kill falls into one of four states; so many without all four is no bad luck. */
  private static final int MAX_KILLS = 120;

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
      int kills = 0;
      while (!hit.containsAll(STATES)) {
        String id = hospitals.submit(manyRounds(victim + "-" + kills));
        boolean running = true;
        while (running && !hit.containsAll(STATES)) {
          assertThat(++kills).as("kills of %s in %s", victim, hit).isLessThan(MAX_KILLS);
          // Spread over the round, whose length is not known here.
          Thread.sleep(37L * kills % 331);
          ServiceProcess process =
              victim.equals("aggregator")
                  ? hospitals.federation().aggregator()
                  : hospitals.federation().silo(victim);
          process.kill();
          hit.add(server.ask(database, LATEST));
          process.start();
          process.awaitReady();
          String state = hospitals.scientist().get("/api/v1/jobs/" + id).path("state").asText();
          running = state.equals("Running") || state.equals("Submitted");
        }
        JsonNode job = hospitals.await(id);
        assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
      }
    }
  }
}
