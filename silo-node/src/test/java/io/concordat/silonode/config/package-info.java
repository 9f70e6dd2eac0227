/** What keeps a node from starting. */
@NullMarked
package io.concordat.silonode.config;

import org.jspecify.annotations.NullMarked;
