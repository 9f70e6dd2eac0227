/**
 * Contributions arriving in chunks: resumable, idempotent, of exact length, within a quota.
 *
 * <p>Promise: a chunk is stored only when a signed header has announced exactly this contribution,
 * and memory per upload does not grow with its size. Non-promise: a chunk is not believed until the
 * whole digest tree is.
 *
 * <p>Read next: {@code io.concordat.aggregator.round}.
 */
@NullMarked
package io.concordat.aggregator.intake;

import org.jspecify.annotations.NullMarked;
