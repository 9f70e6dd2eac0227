/**
 * JMH classes for kernels and steps, for whoever changes one of them; {@code org.openjdk.jmh.Main}
 * runs them.
 *
 * <p>Promise: forked and warmed figures of single operations. No promise about whole rounds on a
 * busy machine: those are {@link io.concordat.bench.engine}.
 */
@NullMarked
package io.concordat.bench.jmh;

import org.jspecify.annotations.NullMarked;
