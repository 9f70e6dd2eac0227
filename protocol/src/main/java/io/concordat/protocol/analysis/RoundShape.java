package io.concordat.protocol.analysis;

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
     * @param clipUnits the L2 norm that one patient's whole part of the vector never exceeds
     * @param sigma deviation of this silo's share, in the same integer units
     * @param sampling the rate at which each patient joins the round
     */
    record Noised(long clipUnits, long sigma, SamplingRate sampling) implements Sealing {
      public Noised {
        if (clipUnits < 1) {
          throw new IllegalArgumentException("clipUnits must be positive");
        }
        // Below 8 a sum of discrete Gaussians is no longer close to a discrete Gaussian of the
        // summed variance; above 2^24 the sampler's intermediate products would leave 64 bits.
        if (sigma < 8 || sigma > 1 << 24) {
          throw new IllegalArgumentException("sigma must be 8..2^24, not " + sigma);
        }
        Objects.requireNonNull(sampling);
      }
    }
  }

  /** Least width that holds every integer of magnitude at most {@code bound}. */
  static int bitsFor(long bound) {
    return 65 - Long.numberOfLeadingZeros(bound);
  }
}
