package io.concordat.protocol.job;

import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;

/** A policy with more persons in each silo. */
final class LargePolicy {
  private LargePolicy() {}

  static Policy of(Policy p, int maxPatientsPerSilo) {
    return new Policy(
        p.digest(),
        p.federation(),
        p.version(),
        p.previous(),
        p.notBefore(),
        p.expires(),
        p.institutions(),
        p.policyThreshold(),
        p.keyHolders(),
        p.encryption(),
        p.cohort(),
        p.log(),
        p.datasets().stream()
            .map(d ->
                new Dataset(
                    d.id(),
                    d.person(),
                    maxPatientsPerSilo,
                    d.holdout(),
                    d.columns(),
                    d.labels(),
                    d.privacy(),
                    d.filters()))
            .toList(),
        p.analyses(),
        p.templates(),
        p.approval(),
        p.people(),
        p.limits());
  }
}
