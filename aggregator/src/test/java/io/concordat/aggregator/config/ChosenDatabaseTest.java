package io.concordat.aggregator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.homes.database.DatabaseSetting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ChosenDatabaseTest {
  private final ServiceDriver driver = new ServiceDriver();

  @Test
  void oneDriverKnowsBothDatabasesAndNoOther() throws SQLException {
    assertThat(driver.acceptsURL("jdbc:sqlite:/tmp/x.sqlite")).isTrue();
    assertThat(driver.acceptsURL("jdbc:postgresql://db.example/concordat")).isTrue();
    assertThat(driver.acceptsURL("jdbc:h2:mem:x")).isFalse();
    assertThatThrownBy(() -> driver.connect("jdbc:h2:mem:x", new Properties()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("jdbc:postgresql");
    try (Connection memory =
        Objects.requireNonNull(driver.connect("jdbc:sqlite::memory:", new Properties()))) {
      assertThat(memory.getMetaData().getDatabaseProductName()).isEqualTo("SQLite");
    }
  }

  @Test
  void aSettingThatChoosesNoDatabaseIsSaid() {
    assertThat(DatabaseSetting.wrong(Map.of())).isEmpty();
    assertThat(DatabaseSetting.wrong(Map.of(DatabaseSetting.URL, "jdbc:postgresql://db/x")))
        .isEmpty();
    assertThat(DatabaseSetting.wrong(Map.of(DatabaseSetting.URL, "postgres://db/x")))
        .hasValueSatisfying(words -> assertThat(words).contains("jdbc:postgresql:"));
    assertThat(DatabaseSetting.wrong(Map.of(DatabaseSetting.USER, "concordat")))
        .hasValueSatisfying(words -> assertThat(words).contains(DatabaseSetting.URL));
  }

  @Test
  void scriptsOfPostgresqlRunThereOnly() {
    String own = "db/postgresql/V0__names.sql";
    String common = "db/migration/V1__first_tables.sql";
    String sqlite = "jdbc:sqlite:/var/lib/x.sqlite";
    String postgresql = "jdbc:postgresql://db/x";
    assertThat(DatabaseSetting.runs(sqlite, own)).isFalse();
    assertThat(DatabaseSetting.runs(sqlite, common)).isTrue();
    assertThat(DatabaseSetting.runs(postgresql, own)).isTrue();
    assertThat(DatabaseSetting.runs(postgresql, common)).isTrue();
  }
}
