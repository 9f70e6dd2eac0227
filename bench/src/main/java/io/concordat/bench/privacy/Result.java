package io.concordat.bench.privacy;

import io.concordat.privacy.noise.NoiseShare;

/**
 * A setting over all seeds.
 *
 * @param epsilon the target
 * @param jointEpsilon what the drawn noise costs if all but the colluders are honest
 * @param ownShareEpsilon what it costs if everybody else colludes and can open
 * @param accuracy mean over the seeds, on the pooled evaluation patients
 * @param deviation of the accuracy over the seeds
 */
record Result(
    NoiseBasis basis,
    double epsilon,
    Rates rates,
    NoiseShare noise,
    double jointEpsilon,
    double ownShareEpsilon,
    int seeds,
    double accuracy,
    double deviation,
    double lowest,
    double highest,
    double auc) {

  /** Joint deviation of the honest, or of one silo, over a patient's reach. */
  double noiseMultiplier() {
    double honest =
        switch (basis) {
          case JOINT -> noise.honest();
          case OWN_SHARE -> 1;
        };
    return noise.sigma() * Math.sqrt(honest) / noise.clipUnits();
  }
}
