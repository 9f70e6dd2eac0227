/** The link against a small HTTPS server that misbehaves on demand. */
@NullMarked
package io.concordat.silonode.link;

import org.jspecify.annotations.NullMarked;
