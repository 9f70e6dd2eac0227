/**
 * Creates an aggregator's home. Free of Quarkus, so that the command line can call it without
 * starting a service.
 *
 * <p>Promise: running it twice keeps what the first run made. Non-promise: the certificate
 * authority's key never comes here; only the server's own certificate does.
 *
 * <p>Read next: {@code io.concordat.aggregator.home}.
 */
@NullMarked
package io.concordat.aggregator.init;

import org.jspecify.annotations.NullMarked;
