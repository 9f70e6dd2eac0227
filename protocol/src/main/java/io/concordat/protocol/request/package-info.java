/**
 * Signatures on whole requests: HTTP Message Signatures (RFC 9421) with a body digest (RFC 9530),
 * as every request of a node carries them.
 *
 * <p>Promise: a request that is accepted was made by the holder of a node key of this federation,
 * for this method, path, query and body, a moment ago, and is accepted once. It holds whatever
 * stands between node and aggregator, a proxy that opens TLS included. Nothing here opens a
 * connection or reads a clock.
 *
 * <p>Non-promise: secrecy, which TLS gives; and what a statement inside the request says, which is
 * signed by itself and for good.
 *
 * <p>Read next: {@link io.concordat.protocol.request.RequestSigner}, then {@link
 * io.concordat.protocol.request.RequestVerifier}.
 */
@NullMarked
package io.concordat.protocol.request;

import org.jspecify.annotations.NullMarked;
