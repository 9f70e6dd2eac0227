package io.concordat.protocol.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class PublicStateTest {
  private static final PublicState STATE =
      PublicState.builder()
          .scalar("round", 3)
          .vector("weights", new double[] {1.5, -0.25, 0x1p-1074})
          .put("grid", new long[] {2, 2}, new double[] {0, -0.0, 1, 2})
          .build();

  @Test
  void readsBackWhatItWrote() throws DecodeException {
    PublicState read = PublicState.fromBytes(STATE.toBytes());
    assertThat(read).isEqualTo(STATE);
    assertThat(read.values("weights")).containsExactly(1.5, -0.25, 0x1p-1074);
    assertThat(read.extents("grid")).containsExactly(2, 2);
    assertThat(read.scalar("round")).isEqualTo(3);
  }

  @Test
  void orderOfPuttingDoesNotMatter() {
    PublicState other =
        PublicState.builder()
            .put("grid", new long[] {2, 2}, new double[] {0, -0.0, 1, 2})
            .vector("weights", new double[] {1.5, -0.25, 0x1p-1074})
            .scalar("round", 3)
            .build();
    assertThat(other.sha256()).isEqualTo(STATE.sha256());
  }

  @Test
  void goldenDigestStaysWhatItIs() {
    assertThat(HexFormat.of().formatHex(STATE.sha256()))
        .isEqualTo("c1be6f8573f9b38f6083815e146653ea756e120df2ce6aace202e2aef34cb54d");
  }

  @Test
  void everyFlippedBitIsAnotherStateOrRefused() {
    byte[] bytes = STATE.toBytes();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        PublicState read = PublicState.fromBytes(flipped);
        assertThat(read.sha256()).isNotEqualTo(STATE.sha256());
        assertThat(read.toBytes()).isEqualTo(flipped);
      } catch (DecodeException refused) {
        assertThat(refused).hasMessageStartingWith("state: ");
      }
    }
  }

  @Test
  void refusesEveryTruncationAndTrailingBytes() {
    byte[] bytes = STATE.toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> PublicState.fromBytes(cut)).isInstanceOf(DecodeException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> PublicState.fromBytes(longer)).isInstanceOf(DecodeException.class);
  }

  @Test
  void neverHoldsWhatIsNotFinite() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> PublicState.builder().scalar("x", value))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
