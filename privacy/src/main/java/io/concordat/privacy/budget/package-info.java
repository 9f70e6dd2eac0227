/**
 * What a dataset of patients may spend over its life, and what has been spent.
 *
 * <p>A cap (epsilon, delta) is kept at one Renyi order by {@link
 * io.concordat.privacy.budget.RenyiFilter}, because jobs are chosen after seeing the results of
 * earlier jobs, and composition of privacy loss distributions is not valid then. {@link
 * io.concordat.privacy.budget.BudgetBook} is the running account: a value that answers with its
 * successor.
 *
 * <p>Promise: sums of prices are exact decimals, so two nodes that saw the same rounds hold the
 * same total, in whatever order. Nothing here ever lowers a charge but a round seen closed in the
 * log.
 *
 * <p>Non-promise: durability. A silo writes the successor to its disk before a contribution leaves;
 * a holder rebuilds its book from the log.
 */
@NullMarked
package io.concordat.privacy.budget;

import org.jspecify.annotations.NullMarked;
