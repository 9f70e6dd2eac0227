@NullMarked
package io.concordat.aggregator.blobs;

import org.jspecify.annotations.NullMarked;
