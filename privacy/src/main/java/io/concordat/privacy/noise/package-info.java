/**
 * Exact sampling in integers: uniform, Bernoulli, exp(-a/b), discrete Laplace, discrete Gaussian.
 *
 * <p>Promise: each sampler has exactly the distribution it names, given independent uniform bits.
 * INV-14: there is no floating point in this package (a test of the tree holds that), so there are
 * no rounded probabilities and none of the attacks on the low bits of a floating point noise
 * (Mironov, CCS 2012).
 *
 * <p>Non-promise: the time a sample takes depends on its magnitude (arXiv 2112.05307). Callers draw
 * the whole noise vector before the data is touched and never let its duration be seen per value.
 *
 * <p>The algorithms are those of Canonne, Kamath and Steinke, "The Discrete Gaussian for
 * Differential Privacy" (NeurIPS 2020), section 5. Next: {@link
 * io.concordat.privacy.noise.DiscreteGaussian}, then {@link io.concordat.privacy.noise.NoiseShare}.
 */
@NullMarked
package io.concordat.privacy.noise;

import org.jspecify.annotations.NullMarked;
