/**
 * The public half of every analysis: what a round asks of a silo, and what its opened sum makes of
 * the public state.
 *
 * <p>Promise: from the same job and the same opened sums every machine computes the same bits. A
 * node takes part in a round only if the announcement carries the digest of the state that the node
 * computed itself, so one differing bit would stop a federation. Therefore nothing here but {@code
 * + - * /}, {@code Math.sqrt}, {@code Math.fma} (all exactly rounded by IEEE 754) and {@link
 * java.lang.StrictMath}, loops in a fixed order, no parallel streams, no hash order.
 *
 * <p>Not promised: anything about records. What a silo computes from them is the private half, in
 * silo-node; no class here ever sees a row.
 *
 * <p>Read next: {@link io.concordat.protocol.analysis.Analysis}, then {@link
 * io.concordat.protocol.analysis.RoundShape}.
 */
@NullMarked
package io.concordat.protocol.analysis;

import org.jspecify.annotations.NullMarked;
