/** Tests. */
@NullMarked
package io.concordat.protocol.witness;

import org.jspecify.annotations.NullMarked;
