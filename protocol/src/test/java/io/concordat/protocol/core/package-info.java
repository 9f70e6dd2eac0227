/** Tests. */
@NullMarked
package io.concordat.protocol.core;

import org.jspecify.annotations.NullMarked;
