package io.concordat.protocol.analysis;

/**
 * Mean and variance of one {@link PatientFigures.Figure.Spread} from opened, noised sums, each with
 * the deviation that the noise leaves in it. Free post-processing: only opened numbers and public
 * ones enter.
 *
 * @param mean in the column's unit; the policy's center if no patients stand out of the noise
 * @param variance over the patients, not below zero
 */
record NoisedMoments(double mean, double meanDeviation, double variance, double varianceDeviation) {

  /**
   * @param patients opened, noised number of patients
   * @param tau opened sum of tau
   * @param chebyshev opened sum of 2 tau^2 - 1
   * @param deviation of the noise in each of the three
   */
  static NoisedMoments of(
      PatientFigures.Figure.Spread spread,
      double patients,
      double tau,
      double chebyshev,
      double deviation) {
    double n = Math.max(1, patients);
    double mean = Math.max(-1, Math.min(1, tau / n));
    double square = Math.max(0, Math.min(1, (chebyshev / n + 1) / 2));
    double variance = Math.max(0, square - mean * mean);
    // First order: the noise of the numerator, and that of n times the quotient.
    double relative = deviation / n;
    double meanDeviation = relative * Math.sqrt(1 + mean * mean);
    double quotient = 2 * square - 1;
    double squareDeviation = relative * Math.sqrt(1 + quotient * quotient) / 2;
    double crossed = 2 * mean * meanDeviation;
    double reach = spread.reach();
    return new NoisedMoments(
        spread.center() + reach * mean,
        reach * meanDeviation,
        reach * reach * variance,
        reach * reach * Math.sqrt(squareDeviation * squareDeviation + crossed * crossed));
  }
}
