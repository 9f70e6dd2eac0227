package io.concordat.bench.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ManySilosTest {
  @Test
  void theHeapStaysFlatHoweverManyContributionsAreAdded() throws Exception {
    ManySilos.Result result = ManySilos.run(40, 4_000_000);
    long[] heap = result.heapBytes();
    assertThat(result.objectBytes()).isBetween(3_000_000L, 6_000_000L);
    // Forty contributions are 160 MB; less than one of them may stay.
    assertThat(heap[10] - heap[1]).isLessThan(result.objectBytes());
  }
}
