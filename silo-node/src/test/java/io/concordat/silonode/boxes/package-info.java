/** Box secrets: where they are, and that they are gone. */
@NullMarked
package io.concordat.silonode.boxes;

import org.jspecify.annotations.NullMarked;
