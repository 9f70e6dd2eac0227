/**
 * What a data scientist submits: a file that carries everything that decides the result, signed by
 * its submitter.
 *
 * <p>Promise: {@link io.concordat.protocol.job.JobReader} reads job/1 strictly, YAML and JSON
 * alike; {@link io.concordat.protocol.job.JobChecker} tells every reason why a policy does not
 * allow a job, from the two files alone, so that a dry run on a laptop and every silo come to the
 * same answer.
 *
 * <p>Not promised: that the job's price fits the budget, which depends on the log, or that its
 * submitter is endorsed; the job's machine and the silos ask those.
 *
 * <p>The job's identity is the SHA-256 of the file's bytes as signed, never a server's number: its
 * digest is bound into every round.
 *
 * <p>Read next: {@link io.concordat.protocol.job.JobSpecification}, then {@code
 * io.concordat.protocol.analysis}, which computes what is specified here.
 */
@NullMarked
package io.concordat.protocol.job;

import org.jspecify.annotations.NullMarked;
