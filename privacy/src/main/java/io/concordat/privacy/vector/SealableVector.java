package io.concordat.privacy.vector;

/**
 * What the contributor may encrypt. INV-12: there is no third implementation, so an unnoised
 * private sum does not fit.
 */
public sealed interface SealableVector permits NoisedVector, ExactVector {

  /** Number of values. */
  int length();

  /** The values themselves, not a copy: they are read once, while packing. */
  long[] values();

  /** Overwrites the values; the vector must not be read afterwards. */
  void wipe();
}
