/** Reads the protocol's test vectors for the tests of this module. */
@NullMarked
package io.concordat.crypto.vectors;

import org.jspecify.annotations.NullMarked;
