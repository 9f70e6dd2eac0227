/** Tests. */
@NullMarked
package io.concordat.protocol.ledger;

import org.jspecify.annotations.NullMarked;
