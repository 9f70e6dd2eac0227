@NullMarked
package io.concordat.aggregator.config;

import org.jspecify.annotations.NullMarked;
