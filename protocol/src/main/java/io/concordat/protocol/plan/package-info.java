/**
 * From what institutions and data scientists wrote to what the machines decide by: a policy becomes
 * rules, a job file a plan.
 *
 * <p>Promise: pure, and the same rules on every machine from the same file.
 *
 * <p>Non-promise: the policy's signatures and dates are checked elsewhere, before this.
 *
 * <p>Read next: {@link io.concordat.protocol.plan.RulesOfPolicy}, then {@code
 * io.concordat.protocol.ledger}.
 */
@NullMarked
package io.concordat.protocol.plan;

import org.jspecify.annotations.NullMarked;
