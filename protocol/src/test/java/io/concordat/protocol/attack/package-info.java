/** Tests. */
@NullMarked
package io.concordat.protocol.attack;

import org.jspecify.annotations.NullMarked;
