/**
 * A whole federation in one thread from one seed: the very cores and workers of the services, with
 * real cryptography on the small test ring, and a world around them that kills, loses, doubles,
 * reorders, fills disks, sets machines back to old snapshots and lets clocks jump.
 *
 * <p>Promise: a seed gives the same run, event by event. Silo i contributes 2^i, so a sum names who
 * was counted, and {@link io.concordat.e2e.simulation.Oracle} knows every contribution, answer and
 * acknowledged entry and compares.
 *
 * <p>Non-promise: it says nothing of HTTP, SQL or threads; the services' own tests do.
 *
 * <p>Read next: {@link io.concordat.e2e.simulation.World}, then {@link
 * io.concordat.e2e.simulation.SimulationMain} to run thousands.
 */
@NullMarked
package io.concordat.e2e.simulation;

import org.jspecify.annotations.NullMarked;
