/**
 * The API that nodes dial: work, statements, chunks, sums.
 *
 * <p>Promise: each answer can be asked for again. Non-promise: no answer is to be trusted without
 * its digest.
 *
 * <p>Read next: {@code io.concordat.aggregator.round}.
 */
@NullMarked
package io.concordat.aggregator.node;

import org.jspecify.annotations.NullMarked;
