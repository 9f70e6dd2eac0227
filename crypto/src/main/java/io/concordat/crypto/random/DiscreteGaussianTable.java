package io.concordat.crypto.random;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The distribution D of round keys and errors: the discrete Gaussian of deviation 6.4 conditioned
 * on |x| &lt;= 63, P(x) proportional to exp(-25 x^2 / 2048).
 *
 * <p>A draw takes 16 bytes as a little-endian integer r and is -63 + #{i : T[i] &lt;= r}, T[i] =
 * round(2^128 P(X &lt;= i - 63)), i = 0..125. It runs in time independent of r: all thresholds are
 * compared, results are summed, no index and no branch depends on r.
 *
 * <p>Half the table serves: T[125 - i] = 2^128 - T[i]. Where the top bit of r is clear only the
 * lower 63 thresholds can be at most r, as the others exceed 2^127. Where it is set, those all are,
 * and 2^128 - T[i] &lt;= r holds exactly where T[i] &gt; ~r. So with r' = r or ~r, whichever is
 * below 2^127, and c = #{i &lt;= 62 : T[i] &lt;= r'}, the draw is c - 63 or 63 - c.
 */
public final class DiscreteGaussianTable {
  /** No draw is beyond it. */
  public static final int BOUND = 63;

  /** Bytes that one draw takes from its stream. */
  public static final int DRAW_BYTES = 16;

  private static final int HALF = 63;
  private static final int THRESHOLD_BITS = 128;
  // 2^-400 per step and 200 steps leave the 128 bits that are rounded far from any doubt.
  private static final int WORK_BITS = 400;
  private static final int BATCH = SlicedStream.BATCH_BYTES / DRAW_BYTES;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final AtomicReference<@Nullable Desk> KEPT = new AtomicReference<>();

  private static final long[] HIGH = new long[HALF];
  private static final long[] LOW = new long[HALF];

  static {
    BigInteger[] lower = lowerThresholds();
    for (int i = 0; i < HALF; i++) {
      HIGH[i] = lower[i].shiftRight(64).longValue();
      LOW[i] = lower[i].longValue();
    }
  }

  private DiscreteGaussianTable() {}

  /** Draws {@code count} values from the stream, 16 bytes each. */
  public static void draw(LabelledStream stream, short[] out, int at, int count) {
    draw(stream::read, out, at, count);
  }

  /**
   * Draws from AES-256-CTR under a key, from a zero counter; neither key nor draws show in
   * addresses or branches, also not while Java still interprets.
   */
  public static void draw(byte[] key, short[] out, int at, int count) {
    Desk kept = KEPT.getAndSet(null);
    Desk desk = kept != null ? kept : new Desk();
    try {
      desk.stream.begin(key);
      for (int done = 0; done < count; done += BATCH) {
        desk.stream.next(desk.random);
        batch(desk.random, 0, out, at + done, Math.min(BATCH, count - done), desk.work);
      }
    } finally {
      desk.wipe();
      KEPT.set(desk);
    }
  }

  /** What draws are made on, wiped and kept for the next: a block leaves no arrays behind. */
  private static final class Desk {
    private final SlicedStream stream = new SlicedStream();
    private final byte[] random = new byte[SlicedStream.BATCH_BYTES];
    private final long[] work = new long[3 * BATCH];

    void wipe() {
      stream.wipe();
      Arrays.fill(random, (byte) 0);
      Arrays.fill(work, 0);
    }
  }

  /** High halves of the 63 thresholds below 2^127, ascending; a copy, for kernels. */
  public static long[] highThresholds() {
    return HIGH.clone();
  }

  /** Low halves of the same. */
  public static long[] lowThresholds() {
    return LOW.clone();
  }

  private interface Source {
    void read(byte[] out, int offset, int count);
  }

  private static void draw(Source stream, short[] out, int at, int count) {
    byte[] random = new byte[Math.min(count, BATCH) * DRAW_BYTES];
    long[] work = new long[3 * BATCH];
    for (int done = 0; done < count; ) {
      int step = Math.min(BATCH, count - done);
      stream.read(random, 0, step * DRAW_BYTES);
      batch(random, 0, out, at + done, step, work);
      done += step;
    }
    Arrays.fill(random, (byte) 0);
    Arrays.fill(work, 0);
  }

  /** The draws that given bytes decide, 16 bytes each. */
  static void fromBytes(byte[] random, short[] out) {
    long[] work = new long[3 * BATCH];
    for (int done = 0; done < out.length; done += BATCH) {
      batch(random, done * DRAW_BYTES, out, done, Math.min(BATCH, out.length - done), work);
    }
  }

  /** All 126 thresholds, 16 little-endian bytes each. */
  static byte[] encodedThresholds() {
    byte[] out = new byte[2 * HALF * DRAW_BYTES];
    for (int i = 0; i < HALF; i++) {
      LONG.set(out, DRAW_BYTES * i, LOW[i]);
      LONG.set(out, DRAW_BYTES * i + 8, HIGH[i]);
      // 2^128 - T, and T's low word is never 0.
      LONG.set(out, DRAW_BYTES * (2 * HALF - 1 - i), -LOW[i]);
      LONG.set(out, DRAW_BYTES * (2 * HALF - 1 - i) + 8, ~HIGH[i]);
    }
    return out;
  }

  /**
   * Thresholds outside, draws inside: the inner loop is long arithmetic on three arrays and is
   * vectorised by the compiler.
   */
  private static void batch(byte[] random, int from, short[] out, int at, int count, long[] work) {
    int high = 0;
    int low = BATCH;
    int greater = 2 * BATCH;
    for (int i = 0; i < count; i++) {
      long l = (long) LONG.get(random, from + DRAW_BYTES * i);
      long h = (long) LONG.get(random, from + DRAW_BYTES * i + 8);
      long sign = h >> 63;
      work[high + i] = h ^ sign;
      work[low + i] = l ^ sign;
      work[greater + i] = 0;
    }
    for (int t = 0; t < HALF; t++) {
      count(work, count, HIGH[t], LOW[t]);
    }
    for (int i = 0; i < count; i++) {
      long sign = (long) LONG.get(random, from + DRAW_BYTES * i + 8) >> 63;
      long magnitude = work[greater + i];
      // work holds -#{T > r'}, and HALF - #{T > r'} is c, so this is c - 63.
      out[at + i] = (short) ((magnitude ^ sign) - sign);
    }
  }

  /**
   * Subtracts 1 where r' is less than the threshold. Both are below 2^127, so their high words are
   * not negative and the sign of the difference tells; the low words' borrow is that of unsigned
   * subtraction (Hacker's Delight, section 2-13).
   */
  private static void count(long[] work, int count, long thresholdHigh, long thresholdLow) {
    for (int i = 0; i < count; i++) {
      long low = work[BATCH + i];
      long borrow = (~low & thresholdLow | ~(low ^ thresholdLow) & (low - thresholdLow)) >>> 63;
      work[2 * BATCH + i] += (work[i] - thresholdHigh - borrow) >> 63;
    }
  }

  private static BigInteger[] lowerThresholds() {
    BigInteger[] density = new BigInteger[BOUND + 1];
    BigInteger step = expOfStep();
    BigInteger ratio = step;
    BigInteger square = fixed(step.multiply(step));
    density[0] = BigInteger.ONE.shiftLeft(WORK_BITS);
    for (int x = 0; x < BOUND; x++) {
      // exp(-s (x+1)^2) = exp(-s x^2) exp(-s (2x + 1)).
      density[x + 1] = fixed(density[x].multiply(ratio));
      ratio = fixed(ratio.multiply(square));
    }
    BigInteger tails = BigInteger.ZERO;
    for (int x = 1; x <= BOUND; x++) {
      tails = tails.add(density[x]);
    }
    BigInteger total = density[0].add(tails.shiftLeft(1));
    BigInteger[] thresholds = new BigInteger[HALF];
    BigInteger below = BigInteger.ZERO;
    for (int i = 0; i < HALF; i++) {
      below = below.add(density[BOUND - i]);
      thresholds[i] = below.shiftLeft(THRESHOLD_BITS + 1).add(total).divide(total.shiftLeft(1));
    }
    return thresholds;
  }

  /** exp(-25/2048) as a fixed-point number, by its series. */
  private static BigInteger expOfStep() {
    BigInteger term = BigInteger.ONE.shiftLeft(WORK_BITS);
    BigInteger sum = term;
    for (int k = 1; term.signum() != 0; k++) {
      term = term.multiply(BigInteger.valueOf(-25)).divide(BigInteger.valueOf(2048L * k));
      sum = sum.add(term);
    }
    return sum;
  }

  private static BigInteger fixed(BigInteger product) {
    return product.shiftRight(WORK_BITS);
  }
}
