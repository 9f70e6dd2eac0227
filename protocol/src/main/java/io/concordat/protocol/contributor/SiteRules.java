package io.concordat.protocol.contributor;

import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Refusal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one institution's own overlay says beyond the policy. It decides what this silo's records
 * are given to, and never what the institution's holder or witness does for others.
 *
 * <p>Pure: the same answer about a job each time it is asked.
 */
public interface SiteRules {
  /** No overlay. */
  SiteRules NONE =
      new SiteRules() {
        @Override
        public Approval approval() {
          return Approval.AUTOMATIC;
        }

        @Override
        public SiteLimits limits() {
          return SiteLimits.NONE;
        }

        @Override
        public Optional<Refusal> refuses(JobRecord job) {
          return Optional.empty();
        }

        @Override
        public OptionalLong capUnits(JobRecord job, FederationRules inForce) {
          return OptionalLong.empty();
        }
      };

  /** What the institution's officers decide by hand. */
  Approval approval();

  /** What is forbidden here beyond the policy, as others may know it. */
  SiteLimits limits();

  /** Why this silo takes no part in a job that the policy allows. */
  Optional<Refusal> refuses(JobRecord job);

  /** The silo's own cap on the job's persons, in the units of the policy in force. */
  OptionalLong capUnits(JobRecord job, FederationRules inForce);
}
