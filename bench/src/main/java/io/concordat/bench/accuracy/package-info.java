/**
 * What the demo's models reach, measured without encryption: the same analyses, records and noise
 * as in a federation, the sums added in the clear.
 *
 * <p>Promise: an opened sum is exactly the sum of the vectors, so these figures are those of the
 * encrypted run with the same seeds. Noise here comes from a seeded generator, for figures that can
 * be repeated; nothing outside of benchmarks may use it.
 *
 * <p>Read next: {@link io.concordat.bench.accuracy.DemoAccuracy}.
 */
@NullMarked
package io.concordat.bench.accuracy;

import org.jspecify.annotations.NullMarked;
