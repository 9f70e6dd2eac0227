/**
 * A job as the aggregator drives it: announce, announce again, end.
 *
 * <p>Promise: {@link io.concordat.protocol.lifecycle.JobMachine#decide} is a pure function of the
 * log's view of the job, its newest round, and who was heard of lately.
 *
 * <p>Non-promise: a job that the aggregator lets lie is nobody else's to revive.
 *
 * <p>Read next: {@code io.concordat.protocol.round}.
 */
@NullMarked
package io.concordat.protocol.lifecycle;

import org.jspecify.annotations.NullMarked;
