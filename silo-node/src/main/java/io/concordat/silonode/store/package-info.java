/**
 * The node's own disk: rows of the machines, and beside them what officers read.
 *
 * <p>Promise: a commit that returned is on the disk, and the tables for readers say nothing that
 * was not committed with the machines' rows. Non-promise: nothing here is the last word. A restored
 * old copy is found out by the log.
 *
 * <p>Read next: {@link io.concordat.silonode.store.SiloStore}.
 */
@NullMarked
package io.concordat.silonode.store;

import org.jspecify.annotations.NullMarked;
