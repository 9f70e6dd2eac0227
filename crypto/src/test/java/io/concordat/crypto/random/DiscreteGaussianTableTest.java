package io.concordat.crypto.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.vectors.Shake;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscreteGaussianTableTest {
  private static final MathContext DIGITS = new MathContext(120, RoundingMode.HALF_EVEN);

  @Test
  void thresholdsAreThoseOfTheVectors() {
    VectorCase expected = Vectors.named("gaussian/table");
    List<BigInteger> thresholds = thresholds();
    List<String> lower = expected.strings("lowerHalf");
    for (int i = 0; i < lower.size(); i++) {
      assertThat(thresholds.get(i)).isEqualTo(new BigInteger(lower.get(i), 16));
    }
    assertThat(thresholds.get(63)).isEqualTo(new BigInteger(expected.string("upperFirst"), 16));
    assertThat(Digests.sha256(DiscreteGaussianTable.encodedThresholds()).hex())
        .isEqualTo(expected.string("sha256"))
        .isEqualTo("f836c7a1a15c4755ca9f43c903f36009c1f039098fea5e57fbd77429b73a641d");
  }

  /** Each density by its own series in decimals, sums from the left, all 126 of them. */
  @Test
  void thresholdsAreTheRoundedDistributionRecomputedInDecimals() {
    BigDecimal[] density = new BigDecimal[127];
    BigDecimal total = BigDecimal.ZERO;
    for (int x = -63; x <= 63; x++) {
      density[x + 63] = exp(new BigDecimal(-25L * x * x).divide(new BigDecimal(2048), DIGITS));
      total = total.add(density[x + 63], DIGITS);
    }
    BigDecimal below = BigDecimal.ZERO;
    List<BigInteger> thresholds = thresholds();
    for (int i = 0; i < 126; i++) {
      below = below.add(density[i], DIGITS);
      BigDecimal scaled =
          below.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(128))).divide(total, DIGITS);
      assertThat(thresholds.get(i))
          .isEqualTo(scaled.setScale(0, RoundingMode.HALF_UP).toBigIntegerExact());
    }
  }

  @Test
  void drawsChangeExactlyAtTheThresholds() {
    for (VectorCase draw : Vectors.named("gaussian/edges").cases("draws")) {
      short[] out = new short[1];
      DiscreteGaussianTable.fromBytes(draw.hex("littleEndianBytes"), out);
      assertThat(out[0]).as(draw.string("bits")).isEqualTo((short) draw.integer("value"));
    }
    List<BigInteger> thresholds = thresholds();
    for (int i = 0; i < 126; i++) {
      assertThat(draw(thresholds.get(i))).isEqualTo(i - 62);
      assertThat(draw(thresholds.get(i).subtract(BigInteger.ONE))).isEqualTo(i - 63);
    }
  }

  @Test
  void aStreamOfDrawsIsTheVectors() {
    VectorCase expected = Vectors.named("gaussian/stream");
    short[] out = new short[expected.integer("count")];
    DiscreteGaussianTable.fromBytes(new Shake("concordat-test/gaussian").read(65536), out);
    byte[] bytes = new byte[out.length];
    for (int i = 0; i < out.length; i++) {
      bytes[i] = (byte) out[i];
    }
    assertThat(Digests.sha256(bytes).hex()).isEqualTo(expected.string("sha256OfInt8"));
  }

  /**
   * Chi-square over the values whose expectation is at least 20. With about 53 degrees of freedom
   * the statistic exceeds 130 with probability below 10^-7 for a true sampler.
   */
  @Test
  void aMillionDrawsFitTheDistributionAndNeverExceedTheBound() {
    long seed = Long.getLong("concordat.seed", System.nanoTime());
    System.out.println("sampler: -Dconcordat.seed=" + seed);
    byte[] key = ByteBuffer.allocate(64).putLong(seed).array();
    int draws = 1_000_000;
    short[] out = new short[draws];
    DiscreteGaussianTable.draw(LabelledStream.of(key, "key"), out, 0, draws);
    int[] counts = new int[127];
    for (short x : out) {
      assertThat(Math.abs(x)).isLessThanOrEqualTo(63);
      counts[x + 63]++;
    }
    double total = 0;
    for (int x = -63; x <= 63; x++) {
      total += Math.exp(-25.0 * x * x / 2048);
    }
    double statistic = 0;
    int cells = 0;
    for (int x = -63; x <= 63; x++) {
      double expected = draws * Math.exp(-25.0 * x * x / 2048) / total;
      if (expected >= 20) {
        statistic += (counts[x + 63] - expected) * (counts[x + 63] - expected) / expected;
        cells++;
      }
    }
    assertThat(cells).isBetween(45, 60);
    assertThat(statistic).as("seed %d", seed).isLessThan(130);
  }

  @Test
  void drawsDoNotDependOnHowManyAreAskedForAtOnce() {
    short[] whole = new short[3000];
    DiscreteGaussianTable.draw(LabelledStream.of(new byte[64], "key"), whole, 0, 3000);
    short[] pieces = new short[3000];
    LabelledStream stream = LabelledStream.of(new byte[64], "key");
    DiscreteGaussianTable.draw(stream, pieces, 0, 1);
    DiscreteGaussianTable.draw(stream, pieces, 1, 700);
    DiscreteGaussianTable.draw(stream, pieces, 701, 2299);
    assertThat(pieces).isEqualTo(whole);
  }

  private static int draw(BigInteger r) {
    byte[] bytes = new byte[16];
    byte[] big = r.toByteArray();
    for (int i = 0; i < Math.min(16, big.length); i++) {
      bytes[i] = big[big.length - 1 - i];
    }
    short[] out = new short[1];
    DiscreteGaussianTable.fromBytes(bytes, out);
    return out[0];
  }

  private static List<BigInteger> thresholds() {
    ByteBuffer bytes =
        ByteBuffer.wrap(DiscreteGaussianTable.encodedThresholds()).order(ByteOrder.LITTLE_ENDIAN);
    List<BigInteger> out = new ArrayList<>();
    while (bytes.hasRemaining()) {
      long low = bytes.getLong();
      byte[] word = ByteBuffer.allocate(16).putLong(bytes.getLong()).putLong(low).array();
      out.add(new BigInteger(1, Arrays.copyOf(word, 16)));
    }
    return out;
  }

  private static BigDecimal exp(BigDecimal x) {
    // exp(x) = exp(x/64)^64 keeps the series short and its terms small.
    BigDecimal small = x.divide(new BigDecimal(64), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int k = 1; k < 120; k++) {
      term = term.multiply(small, DIGITS).divide(new BigDecimal(k), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum.pow(64, DIGITS);
  }
}
