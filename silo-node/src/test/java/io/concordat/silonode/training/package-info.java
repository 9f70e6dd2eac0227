/** Promises of the private half. */
@NullMarked
package io.concordat.silonode.training;

import org.jspecify.annotations.NullMarked;
