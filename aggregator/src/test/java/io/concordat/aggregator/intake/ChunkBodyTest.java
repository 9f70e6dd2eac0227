package io.concordat.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ChunkBodyTest {
  private final AtomicLong nanos = new AtomicLong();

  /** A sender that needs this long for each byte. */
  private InputStream dripping(Duration eachByte, int bytes) {
    return new InputStream() {
      private int sent;

      @Override
      public int read() {
        nanos.addAndGet(eachByte.toNanos());
        return sent++ < bytes ? 7 : -1;
      }

      @Override
      public int read(byte[] into, int from, int most) {
        int value = read();
        if (value < 0) {
          return -1;
        }
        into[from] = (byte) value;
        return 1;
      }
    };
  }

  private byte[] read(InputStream body, int expected) throws IOException {
    return ChunkBody.read(body, expected, 3, nanos::get);
  }

  @Test
  void aBodyOfExactlyTheLengthIsRead() throws Exception {
    assertThat(read(new ByteArrayInputStream(new byte[100]), 100)).hasSize(100);
    assertThat(read(dripping(Duration.ofMillis(500), 100), 100)).hasSize(100);
  }

  @Test
  void shorterAndLongerBodiesAreRefused() {
    for (int length : new int[] {0, 99, 101, 100_000}) {
      assertThatThrownBy(() -> read(new ByteArrayInputStream(new byte[length]), 100))
          .hasMessageContaining("contribution.length")
          .hasMessageContaining("chunk 3");
    }
  }

  @Test
  void aSenderThatDripsLosesItsPlaceAfterTwoMinutes() {
    assertThatThrownBy(() -> read(dripping(Duration.ofSeconds(1), 4 << 20), 4 << 20))
        .hasMessageContaining("took longer than 120 s");
    assertThat(Duration.ofNanos(nanos.get())).isLessThan(Duration.ofMinutes(3));
  }
}
