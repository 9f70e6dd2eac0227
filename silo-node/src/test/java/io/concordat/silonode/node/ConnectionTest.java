package io.concordat.silonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionTest {
  private static final String RESTART = "Connection refused";
  private static final String ENDED = "the aggregator's certificate has expired: CN=aggregator";

  private final Connection connection = new Connection();

  @Test
  void namesTheReasonAfterTheFirstToo() {
    connection.answered();
    assertThat(connection.lost(RESTART)).hasValue("No connection to the aggregator: " + RESTART);
    assertThat(connection.lost(ENDED)).hasValue("No connection to the aggregator: " + ENDED);
    assertThat(connection.words()).contains(ENDED);
    assertThat(connection.up()).isFalse();
  }

  @Test
  void tellsAReasonOnceUntilTheConnectionIsBack() {
    assertThat(connection.lost(RESTART)).isPresent();
    assertThat(connection.lost(ENDED)).isPresent();
    assertThat(connection.lost(RESTART)).isEmpty();
    assertThat(connection.lost(ENDED)).isEmpty();
    assertThat(connection.answered()).hasValue("Connected to the aggregator");
    assertThat(connection.answered()).isEmpty();
    assertThat(connection.lost(RESTART)).isPresent();
  }

  @Test
  void aFailureOfTheNodeItselfTakesNoConnectionAway() {
    connection.answered();
    connection.failed("a broken row");
    assertThat(connection.up()).isTrue();
    assertThat(connection.words()).contains("a broken row");
  }
}
