/** The corpus against every reader. */
@NullMarked
package io.concordat.bench.hostile;

import org.jspecify.annotations.NullMarked;
