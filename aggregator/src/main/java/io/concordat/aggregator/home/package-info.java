/**
 * Where one aggregator lives on disk: folders, permissions, the lock, settings, the endpoint file.
 * Free of Quarkus.
 *
 * <p>Promise: a home that opens is complete, private to its user and used by one process.
 * Non-promise: it does not read secrets beyond handing out their paths.
 *
 * <p>Read next: {@code io.concordat.aggregator.init}.
 */
@NullMarked
package io.concordat.aggregator.home;

import org.jspecify.annotations.NullMarked;
