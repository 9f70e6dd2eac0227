/** Promises of the figures under privacy. */
@NullMarked
package io.concordat.bench.privacy;

import org.jspecify.annotations.NullMarked;
