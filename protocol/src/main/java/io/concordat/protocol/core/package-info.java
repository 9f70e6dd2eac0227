/**
 * The two programs of the federation, without their services: everything that an aggregator and a
 * node decide.
 *
 * <p>A shell (a Quarkus service, or the simulation) does this and nothing else: give an event to
 * {@link io.concordat.protocol.core.AggregatorCore} or {@link io.concordat.protocol.core.NodeCore};
 * commit the {@link io.concordat.protocol.core.Write}s of the answer in one transaction; only then
 * send what is to be sent and start the commands; bring back what they give as the next event. If
 * the commit fails the core's memory is ahead of the disk: throw the core away and open a new one
 * from the store.
 *
 * <p>Promise: at every point a process may die. What was committed is enough to go on; what was not
 * committed was not sent. Messages may arrive twice, late and in any order.
 *
 * <p>Non-promise: no thread safety (one event at a time), no clock, no network, no disk.
 *
 * <p>Read next: {@link io.concordat.protocol.core.NodeCore}, then the machines it holds: packages
 * {@code contributor}, {@code holder}, {@code witness}, and for the aggregator {@code lifecycle}
 * and {@code round}.
 */
@NullMarked
package io.concordat.protocol.core;

import org.jspecify.annotations.NullMarked;
