/** Promises of the demo's figures. */
@NullMarked
package io.concordat.bench.canary;

import org.jspecify.annotations.NullMarked;
