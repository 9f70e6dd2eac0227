/**
 * The engine's figures: kernels, steps, whole rounds, and the peers they are compared with, in one
 * run on one machine. {@code concordat bench engine} starts it.
 *
 * <p>Promise: ratios are of figures taken in the same run, of processor time of one thread,
 * medians. No promise that a figure holds on another machine.
 *
 * <p>Read next: {@link io.concordat.bench.engine.RoundFigures}.
 */
@NullMarked
package io.concordat.bench.engine;

import org.jspecify.annotations.NullMarked;
