/**
 * Hardware tokens (PKCS#11): the passwords of a home's key stores, wrapped by a key that never
 * leaves the token, and TLS keys that are made there and stay there.
 *
 * <p>Promise: with the home's files alone, as a thief of a disk or a backup has them, no key store
 * opens; the token must be there and its PIN known. A held TLS key is in no memory of the node's.
 * Non-promise: protection from whoever runs code as the node's user while the node runs: unwrapped
 * keys are in its memory, and the token signs for whoever has its PIN.
 *
 * <p>Read next: {@link io.concordat.homes.token.PasswordFile}, {@link
 * io.concordat.homes.token.HeldKeys}, {@link io.concordat.homes.token.HardwareToken}.
 */
@NullMarked
package io.concordat.homes.token;

import org.jspecify.annotations.NullMarked;
