package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.crypto.random.SystemRandomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An aggregator and a node whose rows lie in PostgreSQL; the others keep to SQLite. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PostgresFlowIT {
  /** What a node has signed: the one row that it keeps whatever rounds and jobs end. */
  private static final String MEMORY = "core_rows where row_key = 'witness/memory'";

  @TempDir private static Path folder;

  private static Postgres server;
  private static String database;
  private static Hospitals hospitals;

  @BeforeAll
  static void start() throws Exception {
    if (!Postgres.isInstalled()) {
      String words = "NOT TESTED on PostgreSQL: it is not installed (apt-get install postgresql)";
      System.err.println("\n*** " + words + " ***\n");
      Assumptions.abort(words);
    }
    // The server's own user must reach its folder.
    server = Postgres.start(Files.createTempDirectory("concordat-postgres-"));
    hospitals = Hospitals.create(folder, Programs.ofThisProcess().brief(), new SystemRandomness());
    database = hospitals.use(server, "aggregator");
    hospitals.use(server, "budapest");
    hospitals.start();
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
  void roundsAreHeldOnItAndGoOnAfterARestart() throws Exception {
    assertThat(rows(database, "flyway_schema_history where success")).isPositive();
    assertThat(rows("budapest", "flyway_schema_history where success")).isPositive();
    JsonNode counted = hospitals.await(hospitals.submitStatistics("counted"));
    assertThat(counted.path("state").asText()).as("%s", counted).isEqualTo("Succeeded");
    assertThat(rows(database, "rounds where state = 'Opened'")).isPositive();
    assertThat(rows("budapest", MEMORY)).isEqualTo(1);
    for (ServiceProcess service :
        new ServiceProcess[] {
          hospitals.federation().aggregator(), hospitals.federation().silo("budapest")
        }) {
      service.kill();
      service.start();
      service.awaitReady();
    }
    assertThat(rows("budapest", MEMORY)).isEqualTo(1);
    JsonNode again = hospitals.await(hospitals.submitStatistics("again"));
    assertThat(again.path("state").asText()).as("%s", again).isEqualTo("Succeeded");
    assertThat(hospitals.release(again).path("columns"))
        .isEqualTo(hospitals.release(counted).path("columns"));
  }

  private static long rows(String database, String of) throws Exception {
    return Long.parseLong(server.ask(database, "select count(*) from " + of));
  }
}
