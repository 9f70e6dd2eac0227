package io.concordat.silonode.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void waitsLongerEachTimeAndNeverBeyondTenSeconds() {
    Backoff backoff = new Backoff();
    for (int failure = 0; failure < 100; failure++) {
      long ceiling = failure > 7 ? 10_000 : Math.min(10_000, 200L << failure);
      assertThat(backoff.next())
          .isBetween(Duration.ofMillis(ceiling / 2), Duration.ofMillis(ceiling));
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(200));
  }
}
