/**
 * Sharing of round keys t-of-n over the integers mod 65521, sums of shares, interpolation.
 *
 * <p>Promise: fewer than t shares say nothing about a key, whatever sums of them are published; a
 * key sum is exact, without noise. No promise that a share is what its dealer should have dealt:
 * what a wrong one does is caught when the sum is opened.
 *
 * <p>Read next: {@link io.concordat.crypto.share.ShamirSharing}, {@link
 * io.concordat.crypto.share.KeyShares}, {@link io.concordat.crypto.share.Interpolation}.
 */
@NullMarked
package io.concordat.crypto.share;

import org.jspecify.annotations.NullMarked;
