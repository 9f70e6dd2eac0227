/**
 * What the aggregator does with large contributions of many silos.
 *
 * <p>Promise: measured with the classes that the aggregator uses. Not promised: the network, which
 * {@code concordat bench round} has.
 */
@NullMarked
package io.concordat.bench.intake;

import org.jspecify.annotations.NullMarked;
