/** The people's interface, without a server. */
@NullMarked
package io.concordat.aggregator.api;

import org.jspecify.annotations.NullMarked;
