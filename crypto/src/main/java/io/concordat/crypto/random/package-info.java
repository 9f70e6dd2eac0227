/**
 * Randomness: the source that is passed in, and what is expanded from it.
 *
 * <p>Read next: {@link io.concordat.crypto.random.Randomness}.
 */
@NullMarked
package io.concordat.crypto.random;

import org.jspecify.annotations.NullMarked;
