/**
 * What is said about privacy to people: the state of the budget, the price of a job before it runs,
 * the claim sheet of a result.
 *
 * <p>Promise: every number here follows from the log, the signed job files and the policy alone, so
 * that whoever holds those three computes the same text; nothing here decides anything, and nothing
 * is written. Decimals are strings.
 *
 * <p>Not promised: that a policy's assumptions hold. Which ones a claim stands on is part of it.
 *
 * <p>Read next: {@link io.concordat.protocol.claims.BudgetReport}, {@link
 * io.concordat.protocol.claims.DryRun}, {@link io.concordat.protocol.claims.ClaimSheet}.
 */
@NullMarked
package io.concordat.protocol.claims;

import org.jspecify.annotations.NullMarked;
