/** Promises of the public half of analyses. */
@NullMarked
package io.concordat.protocol.analysis;

import org.jspecify.annotations.NullMarked;
