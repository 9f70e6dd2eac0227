/**
 * What privacy costs in accuracy on real records, by the analyses, clipping and noise that a
 * federation runs.
 *
 * <p>Promise: rates were chosen on train rows alone, the evaluation patients are scored once a
 * seed, every epsilon is the accountant's for the integer noise that was drawn. Sums are added in
 * the clear, which changes none of them; noise comes from a seeded generator so that figures
 * repeat.
 *
 * <p>Not promised: that the choice of rates is private too. Like every published figure these leave
 * it out; a federation takes rates from public experience, or pays for them.
 *
 * <p>Read next: {@link io.concordat.bench.privacy.PrivacyBench}.
 */
@NullMarked
package io.concordat.bench.privacy;

import org.jspecify.annotations.NullMarked;
