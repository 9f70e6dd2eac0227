/**
 * What jobs on a dataset of patients may take together over its life.
 *
 * <p>A cap (epsilon, delta) is kept at one Renyi order by {@link
 * io.concordat.privacy.budget.RenyiFilter}, because jobs are chosen after seeing the results of
 * earlier jobs, and composition of privacy loss distributions is not valid then.
 *
 * <p>Promise: order, cap and prices follow from the policy and a job's own parameters alone, with
 * StrictMath and decimals, so two members that saw the same jobs hold the same total.
 *
 * <p>Non-promise: a running total. The replay of the log keeps it ({@code protocol.ledger}), for
 * every member alike; a silo adds what it has sealed and the log does not show yet.
 */
@NullMarked
package io.concordat.privacy.budget;

import org.jspecify.annotations.NullMarked;
