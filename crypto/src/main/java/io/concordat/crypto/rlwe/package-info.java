/**
 * The additive encryption of one round: parameter sets, layout, packing, encryption, summation,
 * fingerprints, opening.
 *
 * <p>Promise: a contribution is a function of context, seed and vector; a sum opens to exactly the
 * integers that were added or is refused; no error in decryption is possible, only overflow of a
 * slot. No promise: the scheme is additive and nothing more, and it says nothing about who may
 * open.
 *
 * <p>Formulas and where they live: m = sum x_j 2^(w j) in {@link io.concordat.crypto.rlwe.Layout}
 * and Packing; c = a k + e + scale m in ContributionEncryptor; V = sum - a K in SumOpening. Read
 * {@link io.concordat.crypto.rlwe.ParameterSet} first.
 */
@NullMarked
package io.concordat.crypto.rlwe;

import org.jspecify.annotations.NullMarked;
