/**
 * The shell around the protocol's state machines: one event loop that steps, stores and then sends.
 *
 * <p>Promise: new state, log leaves and outbox are written in one transaction before any answer
 * leaves; events that arrive together share that transaction. Non-promise: nothing is decided here.
 *
 * <p>Read next: {@code io.concordat.protocol.round}.
 */
@NullMarked
package io.concordat.aggregator.round;

import org.jspecify.annotations.NullMarked;
