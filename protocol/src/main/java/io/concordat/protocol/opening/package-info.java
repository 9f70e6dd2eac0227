/**
 * Sums of ciphertexts and their openings, shared by services and simulation: the aggregator's work,
 * and each silo's own check of it.
 *
 * <p>Promise: a silo's check takes nothing from the aggregator but bytes: the sum against the
 * manifest's digest tree, fingerprints and key sums against node keys of the policy, the key sum
 * against the check block. What comes out is the sum of exactly the cohort's contributions, or no
 * sum.
 *
 * <p>Non-promise: it decides nothing about rounds; see {@code io.concordat.protocol.core}.
 *
 * <p>Read next: {@link io.concordat.protocol.opening.SumCheck}.
 */
@NullMarked
package io.concordat.protocol.opening;

import org.jspecify.annotations.NullMarked;
