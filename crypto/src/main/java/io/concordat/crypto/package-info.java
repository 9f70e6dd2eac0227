/**
 * Cryptography of the summation: ring arithmetic, one-time-key encryption, secret sharing, sealed
 * boxes, signatures.
 *
 * <p>Promise: every byte that leaves this module is the one that the wire formats fix, and hostile
 * bytes end in a {@link io.concordat.crypto.DecodeException}, never in a half-made object. No
 * promise: nothing here decides whether a sum may be opened; that is the protocol's business.
 *
 * <p>Read next: {@code rlwe} for the scheme, {@code ring} for its arithmetic, {@code share} for the
 * sharing of keys, {@code random} for where randomness comes from, {@code bulk} for formats.
 */
@NullMarked
package io.concordat.crypto;

import org.jspecify.annotations.NullMarked;
