package io.concordat.crypto.random;

/**
 * Where unpredictable bytes come from. Passed in everywhere: the system's generator is chosen in
 * service wiring only, a seeded one in tests only.
 */
@FunctionalInterface
public interface Randomness {
  /** Overwrites every byte of {@code out}. */
  void fill(byte[] out);
}
