/** Cryptography of the summation protocol. */
@NullMarked
package io.concordat.crypto;

import org.jspecify.annotations.NullMarked;
