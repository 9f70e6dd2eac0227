/**
 * Flows through real processes on this machine: an aggregator and four nodes, as institutions run
 * them.
 *
 * <p>Promise: what passes here passed over sockets, TLS, disks and process boundaries. Non-promise:
 * few cases; the many are the simulation's.
 */
@NullMarked
package io.concordat.e2e.flow;

import org.jspecify.annotations.NullMarked;
