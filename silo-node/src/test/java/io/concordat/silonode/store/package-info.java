/** The store against killed processes and full disks. */
@NullMarked
package io.concordat.silonode.store;

import org.jspecify.annotations.NullMarked;
