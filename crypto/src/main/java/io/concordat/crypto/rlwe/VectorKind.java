package io.concordat.crypto.rlwe;

/** What the summed vectors are, which decides what a sum outside its slots means. */
public enum VectorKind {
  /**
   * Exact values, each within the layout's bits: a sum that does not fit was spoiled by someone.
   */
  EXACT,
  /** Values with noise, unbounded by nature: a sum that does not fit has overflowed, unblamed. */
  NOISED
}
