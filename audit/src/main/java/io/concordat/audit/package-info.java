/**
 * The federation's memory: an append-only Merkle log in the public C2SP formats, so that a verifier
 * somebody else wrote can check it.
 *
 * <p>Promised: bytes that arrive are read strictly (one accepted spelling for each value, bounded
 * sizes) and everything hostile ends in the checked {@link io.concordat.audit.LogFormatException}
 * or in a sealed verdict. Proofs, checkpoints and cosignatures that verify are what RFC 9162 and
 * c2sp.org call valid.
 *
 * <p>Not promised: nothing here keeps a key, reads a clock or talks to a network; signing and
 * verifying are functions handed in. That the log is complete is the witnesses' business, not the
 * tree's.
 *
 * <p>Read next: {@link io.concordat.audit.merkle}, then {@code note}, {@code witness}, {@code
 * tile}, {@code receipt}.
 */
@NullMarked
package io.concordat.audit;

import org.jspecify.annotations.NullMarked;
