/** Tests. */
@NullMarked
package io.concordat.protocol.statement;

import org.jspecify.annotations.NullMarked;
