/**
 * A round as the aggregator drives it: collecting, fixing the cohort, gathering records and
 * answers, opening.
 *
 * <p>Promise: {@link io.concordat.protocol.round.RoundMachine#step} is a pure function; one round
 * gets one cohort; the manifest is written only with the digest of a sum that exists.
 *
 * <p>Non-promise: the machine protects nobody from its aggregator. What an aggregator must not be
 * able to do is refused by {@code ledger}, {@code contributor} and {@code holder}.
 *
 * <p>Read next: {@link io.concordat.protocol.round.RoundState}.
 */
@NullMarked
package io.concordat.protocol.round;

import org.jspecify.annotations.NullMarked;
