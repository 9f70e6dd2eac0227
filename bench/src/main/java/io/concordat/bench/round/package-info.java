/**
 * What a whole round costs between real processes: an aggregator and four silo nodes on loopback.
 *
 * <p>Promise: every figure comes from the log that the federation itself wrote, or from the
 * operating system's account of its processes. Non-promise: five processes on one machine share its
 * cores; institutions have their own.
 *
 * <p>Read next: {@link io.concordat.bench.round.RoundBench}.
 */
@NullMarked
package io.concordat.bench.round;

import org.jspecify.annotations.NullMarked;
