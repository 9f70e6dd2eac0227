/**
 * Records: from an institution's files to a table that satisfies the dataset's schema, grouped by
 * patient and split into train and evaluation.
 *
 * <p>Promise: a row that is not of the schema is never trained on; it is counted, and reported by
 * file and line with the column and what was expected. Reports name no values and no patients.
 *
 * <p>Not promised: that the values are true. A plausible wrong number passes.
 *
 * <p>Read next: {@link io.concordat.silonode.records.CsvRecords}, then {@link
 * io.concordat.silonode.records.SiloRecords}.
 */
@NullMarked
package io.concordat.silonode.records;

import org.jspecify.annotations.NullMarked;
