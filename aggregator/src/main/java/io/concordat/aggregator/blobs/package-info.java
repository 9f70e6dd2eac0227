/**
 * Large byte strings by content: ciphertext chunks, running sums, key sums, public states.
 *
 * <p>Promise: what was put is flushed to the disk before put returns, so a row that names it never
 * names a hole. Non-promise: nothing here is trusted; readers compare digests.
 *
 * <p>Read next: {@code io.concordat.aggregator.intake}.
 */
@NullMarked
package io.concordat.aggregator.blobs;

import org.jspecify.annotations.NullMarked;
