package io.concordat.policies;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What one institution forbids on its own node beyond the policy: {@code config/overlay.yaml}.
 *
 * <p>It only tightens. A figure above the policy's refuses the file with its line; a later policy
 * that falls below a figure here wins by itself, since the smaller of the two counts everywhere.
 */
public record SiteOverlay(String institution, SiteLimits limits, Approval approval) {

  /** Reads a file and refuses, with line and column, whatever would loosen this policy. */
  public static Outcome<SiteOverlay> read(String file, byte[] bytes, Policy policy) {
    return OverlayReader.read(file, bytes, policy);
  }

  /** The policy as this institution's own records see it. Its digest stays the policy's. */
  public Policy effective(Policy policy) {
    return limits.effective(policy, approval);
  }

  /** What a node decides by. */
  public SiteRules rules(PolicyShelf policies) {
    return new Rules(this, policies::byDigest);
  }

  private record Rules(SiteOverlay overlay, Function<Digest, Optional<Policy>> policies)
      implements SiteRules {
    @Override
    public Approval approval() {
      return overlay.approval;
    }

    @Override
    public SiteLimits limits() {
      return overlay.limits;
    }

    @Override
    public Optional<Refusal> refuses(JobRecord job) {
      Optional<Policy> policy = policies.apply(job.rules().policy());
      if (policy.isEmpty()) {
        return Optional.of(Refusal.of(Code.POLICY_MISMATCH, "no file of " + job.rules().policy()));
      }
      return JobReader.read("job", job.submitted().fileBytes())
          .then(spec -> {
            List<Refusal> reasons = JobChecker.check(spec, overlay.effective(policy.get()));
            return reasons.isEmpty() ? Outcome.accepted(spec) : Outcome.refused(reasons);
          })
          .refusals()
          .stream()
          .findFirst()
          .or(() -> overOwnCap(job, policy.get()))
          .map(r -> Refusal.of(Code.JOB_OUTSIDE_SITE, r.code().text() + " " + r.detail()));
    }

    /**
     * As the log stood when the job was submitted, so that the answer stays the same: a job that
     * does not fit is rejected at once, instead of rounds that wait for a silo that never sends.
     */
    private Optional<Refusal> overOwnCap(JobRecord job, Policy policy) {
      OptionalLong own = overlay.limits.capUnits(policy, job.terms().dataset());
      long taken = job.committedBefore().getOrDefault(overlay.institution, 0L);
      long price = job.terms().priceFrom(0);
      return own.isPresent() && price > own.getAsLong() - taken
          ? Optional.of(
              Refusal.of(
                  Code.JOB_BUDGET,
                  "price "
                      + price
                      + ", left of the own cap "
                      + (own.getAsLong() - taken)
                      + " (1e-9 rho)"))
          : Optional.empty();
    }

    @Override
    public OptionalLong capUnits(JobRecord job, FederationRules inForce) {
      return policies
          .apply(inForce.policy())
          .map(policy -> overlay.limits.capUnits(policy, job.terms().dataset()))
          .orElse(OptionalLong.empty());
    }
  }
}
