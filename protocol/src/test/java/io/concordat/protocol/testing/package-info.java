/**
 * A federation made by hand, entry by entry, so that a test can write what no honest core would.
 * Not null-marked: a look-up that finds nothing is a failed test.
 */
package io.concordat.protocol.testing;
