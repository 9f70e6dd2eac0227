/** Large rounds in small. */
@NullMarked
package io.concordat.bench.intake;

import org.jspecify.annotations.NullMarked;
