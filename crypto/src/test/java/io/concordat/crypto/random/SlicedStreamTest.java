package io.concordat.crypto.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlicedStreamTest {
  private static final long SEED = Long.getLong("concordat.seed", System.nanoTime());

  @Test
  void isTheKeyStreamOfThePlatformsCipherUnderAnyKey() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] found = new byte[SlicedStream.BATCH_BYTES];
    for (int i = 0; i < 20; i++) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      SlicedStream sliced = new SlicedStream();
      sliced.begin(key);
      CounterStream platform = new CounterStream(key, new byte[16]);
      for (int batch = 0; batch < 3; batch++) {
        sliced.next(found);
        assertThat(found).as("seed %d", SEED).isEqualTo(platform.read(found.length));
      }
    }
  }

  @Test
  void refusesKeysOfAnotherLength() {
    assertThatThrownBy(() -> new SlicedStream().begin(new byte[16]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes");
  }
}
