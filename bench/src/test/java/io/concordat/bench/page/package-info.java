/** Promises of the page's sections. */
@NullMarked
package io.concordat.bench.page;

import org.jspecify.annotations.NullMarked;
