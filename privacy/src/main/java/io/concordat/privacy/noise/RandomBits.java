package io.concordat.privacy.noise;

/**
 * A stream of independent uniform bits, 64 at a time.
 *
 * <p>In a node this is a labelled keystream of the contribution's noise seed; the samplers promise
 * their distributions only for bits that nobody else can predict and that no second contribution
 * uses.
 */
@FunctionalInterface
public interface RandomBits {

  /** The next 64 bits of the stream. */
  long next64();
}
