/**
 * From what institutions and data scientists wrote to what the machines run on: a policy becomes
 * rules, a job file under a policy becomes an analysis with its rounds, noise and price.
 *
 * <p>Promise: pure and the same on every machine, so that aggregator, silos, holders and verifiers
 * agree on each round's shape and price without asking each other.
 *
 * <p>Non-promise: it does not know what a budget has left; the ledger does.
 *
 * <p>Read next: {@link io.concordat.protocol.plan.JobPlanner}, then {@code
 * io.concordat.protocol.analysis}.
 */
@NullMarked
package io.concordat.protocol.plan;

import org.jspecify.annotations.NullMarked;
