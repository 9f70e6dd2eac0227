package io.concordat.e2e.simulation;

import io.concordat.crypto.random.Randomness;
import java.util.Random;

/** The one source of chance of a run. */
final class Chance implements Randomness {
  private final Random random;

  Chance(long seed) {
    random = new Random(seed);
  }

  boolean once(double probability) {
    return random.nextDouble() < probability;
  }

  /** Uniform in [from, to). */
  long between(long from, long to) {
    return from + (long) (random.nextDouble() * (to - from));
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public void fill(byte[] out) {
    random.nextBytes(out);
  }
}
