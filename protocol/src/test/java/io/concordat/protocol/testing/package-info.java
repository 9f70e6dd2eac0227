/**
 * A federation made by hand, entry by entry, so that a test can write what no honest core would.
 */
@NullMarked
package io.concordat.protocol.testing;

import org.jspecify.annotations.NullMarked;
