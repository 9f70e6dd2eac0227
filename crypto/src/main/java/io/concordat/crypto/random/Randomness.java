package io.concordat.crypto.random;

/**
 * A source of uniform bytes. Libraries take it as an argument; the system's own generator is handed
 * in by a service's wiring, a seeded one by simulations and tests.
 */
@FunctionalInterface
public interface Randomness {
  /** Overwrites the whole array with fresh uniform bytes. */
  void fill(byte[] out);

  /** A new array of fresh uniform bytes. */
  default byte[] bytes(int count) {
    byte[] out = new byte[count];
    fill(out);
    return out;
  }
}
