/**
 * Arithmetic of the ring Z_p[X]/(X^N + 1) for the primes whose product is the ciphertext modulus.
 *
 * <p>Promise: exact arithmetic and one fixed order of transform values, equal on every machine. No
 * promise of speed here: the loops that matter are behind {@code ring.kernel}.
 *
 * <p>Read next: {@link io.concordat.crypto.ring.Modulus}, {@link
 * io.concordat.crypto.ring.NttTables}, then {@link io.concordat.crypto.ring.kernel.RingKernel}.
 */
@NullMarked
package io.concordat.crypto.ring;

import org.jspecify.annotations.NullMarked;
