/**
 * Boxes: one share of a round key, readable by one key holder for one round.
 *
 * <p>HPKE (RFC 9180) in base mode with X-Wing (X25519 and ML-KEM-768 together), HKDF-SHA-512 and
 * AES-256-GCM, by Bouncy Castle. The round's context is HPKE's info, the silo's and the holder's
 * positions are associated data, so a box moved to another round, silo or holder does not open.
 *
 * <p>Promise: sealing is a function of its arguments (the encapsulation's randomness is passed in
 * as a seed), so a resend is the same bytes. Every way of not opening is one {@link
 * io.concordat.crypto.DecodeException} without particulars. A box stays closed if either of X25519
 * and ML-KEM-768 holds.
 *
 * <p>Not promised: who sealed it. The silo's signed header names each box by digest; that is where
 * authorship comes from.
 *
 * <p>Read next: {@link io.concordat.crypto.box.ShareBoxes}.
 */
@NullMarked
package io.concordat.crypto.box;

import org.jspecify.annotations.NullMarked;
