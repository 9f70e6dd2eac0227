/** Promises of the demo's figures. */
@NullMarked
package io.concordat.bench.accuracy;

import org.jspecify.annotations.NullMarked;
