/**
 * Export of everything an offline verifier needs.
 *
 * <p>Promise: a pack is complete for its job at the checkpoint it names. Non-promise: it contains
 * no verdict.
 *
 * <p>Read next: {@code io.concordat.verify}.
 */
@NullMarked
package io.concordat.aggregator.audit;

import org.jspecify.annotations.NullMarked;
