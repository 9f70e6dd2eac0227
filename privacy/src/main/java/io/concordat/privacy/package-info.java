/**
 * What a silo does to its numbers before they may be sealed, and what that costs the people in its
 * records.
 *
 * <p>The packages follow the round: {@code vector} clips and quantises, {@code noise} draws the
 * silo's share of exact discrete Gaussian noise, {@code accountant} turns rounds into epsilon and
 * delta, {@code budget} keeps what has been spent, {@code evaluation} is the one way to measure a
 * private model, {@code evidence} checks afterwards that the noise was there.
 *
 * <p>Promise: pure values and functions. No clock, no file, no logging, no randomness of its own;
 * what two nodes compare is computed with {@link java.lang.StrictMath} and decimals, so it is the
 * same on every machine.
 *
 * <p>No promise: these classes cannot see whether the gradient they are given was computed from one
 * patient alone, nor whether the coin that selected the patient stayed secret. Both are duties of
 * the silo node.
 *
 * <p>Next: {@code docs/privacy-proofs.md} for the arguments, {@link
 * io.concordat.privacy.vector.NoiseStep} for the road.
 */
@NullMarked
package io.concordat.privacy;

import org.jspecify.annotations.NullMarked;
