package io.concordat.protocol.analysis;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import java.util.Objects;

/**
 * What a round asks of every silo. It goes into the announcement's layout and is recomputed by
 * everyone from the state.
 *
 * @param task what to compute from the records
 * @param values length of the vector
 * @param bits width of a value including its sign: an exact vector satisfies {@code |x| <=
 *     2^(bits-1) - 1}; for a noised one the width leaves room for twelve deviations of the noise
 * @param sealing which of the two sealable kinds the vector must be
 */
public record RoundShape(RoundTask task, int values, int bits, Sealing sealing) {

  /** A packed slot holds at most 62 bits, some of which the number of contributors takes. */
  public static final int MAX_BITS = 62;

  public RoundShape {
    Objects.requireNonNull(task);
    Objects.requireNonNull(sealing);
    if (values < 1) {
      throw new IllegalArgumentException("a round has at least one value, not " + values);
    }
    if (bits < 2 || bits > MAX_BITS) {
      throw new IllegalArgumentException("bits must be 2.." + MAX_BITS + ", not " + bits);
    }
  }

  /** The two kinds of vector that may leave a silo. */
  public sealed interface Sealing {
    /** Integers as they are: only for a dataset whose policy says {@code privacy: none}. */
    record Exact() implements Sealing {}

    /**
     * Integers to which this silo adds its share of discrete Gaussian noise.
     *
     * @param share the clip in integer units and the deviation that it asks for
     * @param sampling the rate at which each patient joins the round
     * @param zeroTail values at the vector's end that hold noise and nothing else, so that the
     *     opened sum attests it
     */
    record Noised(NoiseShare share, SamplingRate sampling, int zeroTail) implements Sealing {
      public Noised {
        if (zeroTail < 0) {
          throw new IllegalArgumentException("a tail has no fewer than 0 values");
        }
      }

      public Noised(NoiseShare share, SamplingRate sampling) {
        this(share, sampling, 0);
      }
    }
  }

  /** Least width that holds every integer of magnitude at most {@code bound}. */
  static int bitsFor(long bound) {
    return 65 - Long.numberOfLeadingZeros(bound);
  }
}
