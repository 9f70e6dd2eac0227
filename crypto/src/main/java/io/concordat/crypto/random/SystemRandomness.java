package io.concordat.crypto.random;

import java.security.SecureRandom;

/** The operating system's generator. For service wiring only; pure code takes a Randomness. */
public final class SystemRandomness implements Randomness {
  private final SecureRandom source = new SecureRandom();

  @Override
  public void fill(byte[] out) {
    source.nextBytes(out);
  }
}
