/**
 * How a node's machine reaches the aggregator: HTTP/1.1 over TLS, dialling out, through the
 * institution's proxy if there is one.
 *
 * <p>Promise: a proxy's password goes to that proxy alone; nobody is trusted but the roots that
 * were given. Non-promise: that the path is secret from a proxy whose root the institution itself
 * put into its bundle. Who speaks is shown above TLS, by {@code io.concordat.protocol.request}.
 *
 * <p>Read next: {@link io.concordat.homes.network.Outbound}.
 */
@NullMarked
package io.concordat.homes.network;

import org.jspecify.annotations.NullMarked;
