@NullMarked
package io.concordat.aggregator.round;

import org.jspecify.annotations.NullMarked;
