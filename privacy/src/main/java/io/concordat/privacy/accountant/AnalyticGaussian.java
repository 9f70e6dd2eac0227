package io.concordat.privacy.accountant;

/**
 * The exact trade-off of Gaussian noise without sampling (Balle and Wang, ICML 2018, theorem 8).
 * Rounds without sampling compose into one: their squared multipliers' inverses add up.
 *
 * @param mu sensitivity divided by deviation of the one Gaussian that equals all rounds
 */
public record AnalyticGaussian(double mu) {

  public AnalyticGaussian {
    if (!(mu > 0) || Double.isInfinite(mu)) {
      throw new IllegalArgumentException("mu must be positive and finite, is " + mu);
    }
  }

  /** delta(epsilon) = SF(epsilon/mu - mu/2) - e^epsilon SF(epsilon/mu + mu/2). */
  public double delta(double epsilon) {
    Accountant.requireEpsilon(epsilon);
    double near = epsilon / mu - mu / 2;
    double far = epsilon / mu + mu / 2;
    // e^epsilon density(far) = density(near), so both terms are that density times a Mills ratio:
    // no overflow, and no
    // cancellation of large numbers. A Mills ratio left of -30 is huge; there the first term alone
    // is 1.
    if (near > 0) {
      return NormalTail.density(near) * (NormalTail.mills(near) - NormalTail.mills(far));
    }
    return NormalTail.survival(near) - NormalTail.density(near) * NormalTail.mills(far);
  }

  /** The smallest epsilon with delta(epsilon) <= delta, from above, to 1e-12 relative. */
  public double epsilon(double delta) {
    Accountant.requireDelta(delta);
    if (delta(0) <= delta) {
      return 0;
    }
    double high = 1;
    while (delta(high) > delta) {
      high *= 2;
    }
    double low = high == 1 ? 0 : high / 2;
    while (high - low > 1e-13 * high) {
      double middle = low + (high - low) / 2;
      if (delta(middle) > delta) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
