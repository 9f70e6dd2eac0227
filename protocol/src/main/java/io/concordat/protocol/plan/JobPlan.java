package io.concordat.protocol.plan;

import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.ledger.JobTerms;
import java.util.OptionalDouble;

/**
 * A job as everybody runs it.
 *
 * @param specification the file
 * @param analysis its public half
 * @param terms what ledger and machines need of it
 * @param epsilon what the whole job costs at its delta if nothing else touched the same persons, at
 *     most what the file asks for; empty for exact jobs
 */
public record JobPlan(
    JobSpecification specification, Analysis analysis, JobTerms terms, OptionalDouble epsilon) {}
