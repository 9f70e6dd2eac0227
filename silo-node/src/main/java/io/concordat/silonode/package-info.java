/**
 * The program beside an institution's records: it trains, adds noise, encrypts, holds shares and
 * cosigns the log. It dials out; nothing outside the hospital reaches it.
 *
 * <p>Promise: what must be remembered is on the disk before anything that follows from it leaves.
 * What this service adds to the protocol's machines decides nothing.
 *
 * <p>Non-promise: a node whose own machine is read by a stranger keeps no secret from it.
 *
 * <p>Read next: {@link io.concordat.silonode.node.NodeDriver}, then rooms {@code link}, {@code
 * store}, {@code boxes}, {@code datasets}, {@code records} and {@code training}.
 */
@NullMarked
package io.concordat.silonode;

import org.jspecify.annotations.NullMarked;
