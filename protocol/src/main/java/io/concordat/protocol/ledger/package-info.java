/**
 * The log, replayed: from the entries in their order alone, everything that all members must agree
 * on.
 *
 * <p>Promise: two replays of the same leaves under the same policies are in the same state, and an
 * entry that breaks a rule changes nothing but the list of {@link
 * io.concordat.protocol.ledger.Verdict}s: it stays in the log, marked with its refusal. The first
 * announcement of a (job, round) and the first manifest of an announcement are first whether or not
 * they were valid, so nobody can try again until one pleases.
 *
 * <p>Non-promise: a sum is never taken from here. {@code round.opened} is the aggregator's claim; a
 * silo checks and decrypts itself (package {@code opening}).
 *
 * <p>Read next: {@link io.concordat.protocol.ledger.FederationLedger}, then {@code
 * io.concordat.protocol.core}.
 */
@NullMarked
package io.concordat.protocol.ledger;

import org.jspecify.annotations.NullMarked;
