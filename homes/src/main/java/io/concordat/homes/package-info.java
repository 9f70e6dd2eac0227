/**
 * Where a service lives on a machine, and how such a home is made: folders, permissions, key files,
 * the lock, settings, the endpoint file. Both services and the command line agree here on every
 * path.
 *
 * <p>Promises: a home that opens is complete, private to its user and used by one process; a file
 * that is replaced holds the old or the new bytes, never a part; a key that exists is never
 * replaced. Does not promise: that a policy or certificate in it is valid; the services check that
 * when they start.
 *
 * <p>Read next: {@link io.concordat.homes.Home}, then {@link io.concordat.homes.AggregatorInit} and
 * {@link io.concordat.homes.SiloInit}.
 */
@NullMarked
package io.concordat.homes;

import org.jspecify.annotations.NullMarked;
