/**
 * The way to the aggregator: one HTTPS client under mutual TLS, HTTP/1.1, dialling out.
 *
 * <p>Promise: every request can be repeated; a broken connection, a restarted aggregator or a lost
 * answer costs waiting and nothing else. A server that the federation's authority did not certify
 * is not spoken to.
 *
 * <p>Non-promise: what comes back is believed by nobody; the protocol's machines check it.
 *
 * <p>Read next: {@link io.concordat.silonode.link.AggregatorLink}.
 */
@NullMarked
package io.concordat.silonode.link;

import org.jspecify.annotations.NullMarked;
