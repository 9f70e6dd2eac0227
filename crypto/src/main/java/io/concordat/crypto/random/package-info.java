/**
 * Where randomness comes from and how it is spread: the system's generator behind one small
 * interface, HKDF, AES-CTR streams by label, hedged seeds, the discrete Gaussian of round keys and
 * errors.
 *
 * <p>Promise: everything a contribution needs is a function of one seed, so a machine whose
 * generator repeats itself repeats nothing under another context or vector. No promise: the Java
 * heap may keep a copy of an array that the collector moved; wiping reaches the array itself only.
 *
 * <p>Read next: {@link io.concordat.crypto.random.SealSeed}, {@link
 * io.concordat.crypto.random.LabelledStream}.
 */
@NullMarked
package io.concordat.crypto.random;

import org.jspecify.annotations.NullMarked;
