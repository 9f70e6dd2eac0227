@NullMarked
package io.concordat.aggregator;

import org.jspecify.annotations.NullMarked;
