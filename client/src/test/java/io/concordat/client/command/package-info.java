/** Promises of the command line. */
@NullMarked
package io.concordat.client.command;

import org.jspecify.annotations.NullMarked;
