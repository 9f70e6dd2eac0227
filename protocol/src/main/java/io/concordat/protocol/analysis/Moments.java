package io.concordat.protocol.analysis;

/** Mean and population variance of values in [0, 1] from their fixed-point sums. */
record Moments(double mean, double variance) {

  static Moments of(double count, double sumUnits, double sumOfSquaresUnits) {
    if (!(count > 0)) {
      return new Moments(0, 0);
    }
    double mean = sumUnits / RoundTask.MOMENT_UNITS / count;
    double meanOfSquares = sumOfSquaresUnits / RoundTask.MOMENT_UNITS / count;
    // Rounding of each term is at most 2^-25, so a constant column may come out slightly negative.
    return new Moments(mean, Math.max(0, meanOfSquares - mean * mean));
  }
}
