/**
 * The public log's storage and its static tiles.
 *
 * <p>Promise: an acknowledged entry is on the disk, and each checkpoint is signed over exactly what
 * is stored. Non-promise: it cannot show that it forked nobody; that is what witnesses are for.
 *
 * <p>Read next: {@code io.concordat.audit}.
 */
@NullMarked
package io.concordat.aggregator.log;

import org.jspecify.annotations.NullMarked;
