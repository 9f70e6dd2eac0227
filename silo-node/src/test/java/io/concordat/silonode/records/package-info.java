/** Promises of reading records. */
@NullMarked
package io.concordat.silonode.records;

import org.jspecify.annotations.NullMarked;
