package io.concordat.protocol.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What all jobs of a log together took of whose cap. It follows from the log alone, not from a book
 * of anybody's own: with private books, several holders could each let a cap be spent once.
 */
public final class Budgets {
  private final Collection<JobRecord> jobs;
  private final Supplier<FederationRules> rules;

  /**
   * A view of a ledger.
   *
   * @param jobs its jobs, as they are at each question
   * @param rules its policy in force
   */
  Budgets(Collection<JobRecord> jobs, Supplier<FederationRules> rules) {
    this.jobs = jobs;
    this.rules = rules;
  }

  /** What all jobs have taken or hold back of one silo's cap in one scope, in billionths of rho. */
  public long committed(String silo, String scope) {
    long units = 0;
    for (JobRecord job : jobs) {
      if (scopeOf(job).equals(scope)) {
        units = Math.addExact(units, job.committed(silo));
      }
    }
    return units;
  }

  /** What is left of a silo's cap on a dataset; empty if the dataset has none. */
  public Optional<Long> left(String silo, String dataset) {
    FederationRules.DatasetRules found = rules.get().datasets().get(dataset);
    return found == null || found.capUnits().isEmpty()
        ? Optional.empty()
        : Optional.of(found.capUnits().getAsLong() - committed(silo, found.scope()));
  }

  /**
   * The cap on a job's persons in the policy in force, in whose units everything is counted; empty
   * if that has no cap on them any more, and the job's own then holds.
   */
  public OptionalLong capInForce(JobRecord job) {
    return rules.get().capOf(scopeOf(job));
  }

  /**
   * Distinct cohorts that were charged for exact sums over the same persons as this job's, in log
   * order: under another dataset's name a difference of cohorts would tell as much.
   */
  public List<List<String>> cohorts(JobRecord job) {
    return jobs.stream()
        .filter(j -> !j.terms().noised() && scopeOf(j).equals(scopeOf(job)))
        .flatMap(j -> j.cohorts().stream())
        .distinct()
        .toList();
  }

  /** Whether a round of this very cohort was spoiled, in any job. */
  boolean spoiledBefore(List<String> silos) {
    return jobs.stream().anyMatch(j -> j.spoiled(silos));
  }

  private static String scopeOf(JobRecord job) {
    FederationRules.DatasetRules dataset = job.rules().datasets().get(job.terms().dataset());
    return dataset == null ? "" : dataset.scope();
  }
}
