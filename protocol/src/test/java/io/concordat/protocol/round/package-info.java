/** Tests. */
@NullMarked
package io.concordat.protocol.round;

import org.jspecify.annotations.NullMarked;
