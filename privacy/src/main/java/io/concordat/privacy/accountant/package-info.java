/**
 * What rounds of subsampled Gaussian noise cost: epsilon for delta, delta for epsilon, the noise
 * for a wanted epsilon.
 *
 * <p>{@link io.concordat.privacy.accountant.PldAccountant} is tight and prices a job whose rounds
 * are fixed when it is submitted. {@link io.concordat.privacy.accountant.RdpAccountant} is looser,
 * independent, and the base of the filter across jobs. {@link
 * io.concordat.privacy.accountant.AnalyticGaussian} is the closed form where there is no sampling.
 *
 * <p>Promise: every number is an upper bound on the privacy loss of the rounds given, under the
 * relation "one patient's records replaced by nothing, silo sizes public", up to the rounding each
 * class states; and it is the same number on every machine: arithmetic, square roots and {@link
 * java.lang.StrictMath}, in a fixed order, nothing parallel.
 *
 * <p>Non-promise: that the rounds happened as described. A round's noise multiplier is a claim
 * about silos that add their noise, its sampling rate a claim about a coin that stayed secret.
 *
 * <p>Next: {@link io.concordat.privacy.accountant.GaussianRound}; the arguments are in
 * docs/privacy-proofs.md.
 */
@NullMarked
package io.concordat.privacy.accountant;

import org.jspecify.annotations.NullMarked;
