/** Contributions on their way in. */
@NullMarked
package io.concordat.aggregator.intake;

import org.jspecify.annotations.NullMarked;
