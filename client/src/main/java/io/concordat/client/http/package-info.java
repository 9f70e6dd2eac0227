/**
 * The Java SDK: one {@link io.concordat.client.http.FederationClient} speaks to one aggregator's
 * API for people, over HTTPS with a bearer token.
 *
 * <p>Promises: a problem of the server comes back as {@link
 * io.concordat.client.http.ProblemException} with its stable code; a server that cannot be reached
 * as {@link io.concordat.client.http.UnreachableException}. Does not promise: retries; the caller
 * knows what may be repeated.
 */
@NullMarked
package io.concordat.client.http;

import org.jspecify.annotations.NullMarked;
