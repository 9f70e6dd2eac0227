/** The node's loop and what it watches. */
@NullMarked
package io.concordat.silonode.node;

import org.jspecify.annotations.NullMarked;
