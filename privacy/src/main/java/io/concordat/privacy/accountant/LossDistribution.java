package io.concordat.privacy.accountant;

/**
 * A privacy loss distribution on a grid: mass[i] at loss (first + i) * step, and the mass at
 * infinity.
 *
 * <p>One round's is made by "connecting the dots" (Doroshenko, Ghazi, Kamath, Kumar, Manurangsi,
 * PoPETs 2022): the grid distribution whose delta(epsilon) equals the round's at every grid point
 * and is the chord (in e^epsilon) between them. A hockey-stick curve is convex there, so the grid's
 * is an upper bound, and compositions of it bound compositions.
 */
record LossDistribution(
    long first,
    // Handed on once, never compared.
    @SuppressWarnings("ArrayRecordComponent") double[] mass,
    double infinity,
    double step) {

  /** Which of the two neighbouring inputs the loss is seen from. */
  enum Direction {
    REMOVE,
    ADD
  }

  /** Deviations beyond which the loss of one round is put at infinity: a mass of 8e-24. */
  static final double REACH = 10;

  /** The losses that matter in one round: smallest and largest. */
  static double[] range(double q, double z, Direction direction) {
    double low = removeLoss(q, z, -REACH * z);
    double high = removeLoss(q, z, 1 + REACH * z);
    return direction == Direction.REMOVE ? new double[] {low, high} : new double[] {-high, -low};
  }

  /** log(1-q + q e^{(x-1/2)/z^2}), the loss at x of the mixture against N(0, z). */
  static double removeLoss(double q, double z, double x) {
    double exponent = (x - 0.5) / (z * z);
    if (q == 1) {
      return exponent;
    }
    return exponent > 30
        ? exponent + StrictMath.log(q + (1 - q) * StrictMath.exp(-exponent))
        : StrictMath.log1p(q * StrictMath.expm1(exponent));
  }

  /** The distribution of one round on a grid of this step. */
  static LossDistribution ofRound(double q, double z, Direction direction, double step) {
    // Without sampling both directions have the same losses.
    Direction side = q == 1 ? Direction.REMOVE : direction;
    double[] range = range(q, z, side);
    long first = Math.min(-1, (long) Math.floor(range[0] / step));
    long last = Math.max(1, (long) Math.ceil(range[1] / step));
    int length = Math.toIntExact(last - first + 1);
    int zero = Math.toIntExact(-first);
    Curve curve = new Curve(q, z, side);
    // Above zero the curve itself, below zero what it has beyond 1 - e^epsilon. The mass formula
    // maps 1 - e^epsilon to
    // nothing, and each part is small where it is used, so both tails keep their relative accuracy.
    double[] below = new double[zero + 1];
    for (int i = 0; i <= zero; i++) {
      below[i] = curve.excess((first + i) * step);
    }
    double[] above = new double[length - zero + 1];
    for (int i = 0; i < above.length; i++) {
      above[i] = curve.delta((i - 1) * step);
    }
    double[] mass = new double[length];
    double growth = StrictMath.expm1(step);
    mass[0] = notNegative((below[1] - below[0]) / growth - below[0]);
    for (int i = 1; i < zero; i++) {
      mass[i] = middle(below[i - 1], below[i], below[i + 1], growth);
    }
    for (int i = zero; i < length - 1; i++) {
      int at = i - zero + 1;
      mass[i] = middle(above[at - 1], above[at], above[at + 1], growth);
    }
    int end = above.length - 1;
    mass[length - 1] = notNegative((above[end] - above[end - 1]) / StrictMath.expm1(-step));
    return new LossDistribution(first, mass, Math.max(0, above[end]), step);
  }

  private static double middle(double before, double here, double after, double growth) {
    double rise = here - before;
    return notNegative(((after - here) - rise - growth * rise) / growth);
  }

  /**
   * A negative mass is rounding; zero instead of it makes the sum larger, which is the safe side.
   */
  private static double notNegative(double mass) {
    return Math.max(0, mass);
  }

  /** The smallest epsilon >= 0 whose delta is at most the given one. */
  double epsilon(double delta) {
    if (infinity > delta) {
      return Double.POSITIVE_INFINITY;
    }
    double decay = StrictMath.exp(-step);
    // Over losses l above the current grid point: total mass, and mass weighted by e^{point - l}.
    double total = 0;
    double weighted = 0;
    for (int i = mass.length - 1; i >= 0; i--) {
      long point = first + i;
      if (infinity + total - weighted > delta || point < 0) {
        // Between this point and the one before, losses above are the same; solve infinity + total
        // - e^x weighted = delta.
        double beyond = StrictMath.log((infinity + total - delta) / weighted);
        double previous = (point + 1) * step;
        return Math.max(0, weighted > 0 ? Math.min(previous, point * step + beyond) : previous);
      }
      total += mass[i];
      weighted = (weighted + mass[i]) * decay;
    }
    return 0;
  }

  /** infinity + sum over losses l above epsilon of (1 - e^{epsilon - l}) mass. */
  double delta(double epsilon) {
    double sum = infinity;
    for (int i = mass.length - 1; i >= 0; i--) {
      double loss = (first + i) * step;
      if (loss <= epsilon) {
        break;
      }
      sum += -StrictMath.expm1(epsilon - loss) * mass[i];
    }
    return Math.min(1, sum);
  }

  /** The exact delta(epsilon) of one round, from either side. */
  private record Curve(double q, double z, Direction side) {

    double delta(double epsilon) {
      double ratio = ratio(epsilon);
      if (!(ratio > 0)) {
        return side == Direction.REMOVE ? -StrictMath.expm1(epsilon) : 0;
      }
      double x = threshold(epsilon, ratio);
      return side == Direction.REMOVE ? q * upper(x) : StrictMath.exp(epsilon) * q * lower(x);
    }

    /** delta(epsilon) - (1 - e^epsilon). */
    double excess(double epsilon) {
      double ratio = ratio(epsilon);
      if (!(ratio > 0)) {
        return side == Direction.REMOVE ? 0 : StrictMath.expm1(epsilon);
      }
      double x = threshold(epsilon, ratio);
      return side == Direction.REMOVE ? q * lower(x) : StrictMath.exp(epsilon) * q * upper(x);
    }

    /**
     * e^{(x-1/2)/z^2} at the outcome whose loss is epsilon; not positive where no outcome has so
     * small a loss.
     */
    private double ratio(double epsilon) {
      double loss = side == Direction.REMOVE ? epsilon : -epsilon;
      return loss > 30 ? Double.MAX_VALUE : (StrictMath.expm1(loss) + q) / q;
    }

    private double threshold(double epsilon, double ratio) {
      double loss = side == Direction.REMOVE ? epsilon : -epsilon;
      double exponent =
          loss > 30
              ? loss + StrictMath.log1p((q - 1) * StrictMath.exp(-loss)) - StrictMath.log(q)
              : q == 1 ? loss : StrictMath.log(ratio);
      return z * z * exponent + 0.5;
    }

    /** SF((x-1)/z) - e^{(x-1/2)/z^2} SF(x/z). */
    private double upper(double x) {
      return difference((x - 1) / z, x / z);
    }

    /** e^{(x-1/2)/z^2} Phi(x/z) - Phi((x-1)/z). */
    private double lower(double x) {
      double far = -(x - 1) / z;
      double near = -x / z;
      if (near > 0) {
        return NormalTail.density(far) * (NormalTail.mills(near) - NormalTail.mills(far));
      }
      return StrictMath.exp((x - 0.5) / (z * z)) * NormalTail.survival(near)
          - NormalTail.survival(far);
    }

    /**
     * With a - b = 1/z the exponential factor times density(a) is density(b): Mills ratios do not
     * cancel in the tail.
     */
    private double difference(double b, double a) {
      if (b > 0) {
        return NormalTail.density(b) * (NormalTail.mills(b) - NormalTail.mills(a));
      }
      if (a > 0) {
        return NormalTail.survival(b) - NormalTail.density(b) * NormalTail.mills(a);
      }
      return NormalTail.survival(b)
          - StrictMath.exp((a * z - 0.5) / (z * z)) * NormalTail.survival(a);
    }
  }
}
