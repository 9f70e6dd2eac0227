/**
 * The records this silo was started with, and the vector that a round asks of them.
 *
 * <p>Promise: a dataset is read once, at the start; every round of this process sees the same
 * records, and a dataset with any problem that the schema refuses takes no part. Non-promise: edits
 * to a file show only after a restart.
 *
 * <p>Read next: {@link io.concordat.silonode.datasets.LoadedDatasets}, then {@code
 * io.concordat.silonode.records} and {@code io.concordat.silonode.training}.
 */
@NullMarked
package io.concordat.silonode.datasets;

import org.jspecify.annotations.NullMarked;
