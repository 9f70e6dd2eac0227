/**
 * The Merkle tree of RFC 9162 section 2.1 over SHA-256.
 *
 * <p>Promised: {@link io.concordat.audit.merkle.MerkleFrontier} gives the root of everything
 * appended so far in memory logarithmic in the size; a proof that verifies binds one entry, or one
 * earlier tree, to a root unless SHA-256 collides.
 *
 * <p>Not promised: a proof says nothing about who vouches for the root; {@link
 * io.concordat.audit.note} and {@link io.concordat.audit.witness} do.
 *
 * <p>Read next: {@link io.concordat.audit.merkle.MerkleFrontier}, {@link
 * io.concordat.audit.merkle.InclusionProof}, {@link io.concordat.audit.merkle.ConsistencyProof}.
 */
@NullMarked
package io.concordat.audit.merkle;

import org.jspecify.annotations.NullMarked;
