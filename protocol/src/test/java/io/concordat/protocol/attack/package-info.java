/**
 * The attack table's rows, each a test. Not null-marked: a look-up that finds nothing is a failed
 * test.
 */
package io.concordat.protocol.attack;
