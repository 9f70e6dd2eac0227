package io.concordat.policies;

import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What one institution forbids on its own node beyond the policy: {@code config/overlay.yaml}.
 *
 * <p>It only tightens. A figure above the policy's refuses the file with its line; a later policy
 * that falls below a figure here wins by itself, since the smaller of the two counts everywhere.
 *
 * @param datasets the only ones, with their own caps; empty where the file has no such list
 * @param analyses the only ones; empty where the file has no such list
 */
public record SiteOverlay(
    String institution,
    Optional<Map<String, Caps>> datasets,
    Optional<List<AnalysisGrant>> analyses,
    Approval approval) {

  /** Own caps on one dataset, where the file gives them. */
  public record Caps(
      Optional<BigDecimal> epsilonCap,
      Optional<BigDecimal> perJobMax,
      Optional<Set<String>> filters) {}

  /** Reads a file and refuses, with line and column, whatever would loosen this policy. */
  public static Outcome<SiteOverlay> read(String file, byte[] bytes, Policy policy) {
    return OverlayReader.read(file, bytes, policy);
  }

  /** The policy as this institution's own records see it. Its digest stays the policy's. */
  public Policy effective(Policy policy) {
    return new Policy(
        policy.digest(),
        policy.federation(),
        policy.version(),
        policy.previous(),
        policy.notBefore(),
        policy.expires(),
        policy.institutions(),
        policy.policyThreshold(),
        policy.keyHolders(),
        policy.encryption(),
        policy.cohort(),
        policy.log(),
        policy.datasets().stream()
            .filter(d -> datasets.map(m -> m.containsKey(d.id())).orElse(true))
            .map(this::effective)
            .toList(),
        grants(policy),
        policy.templates(),
        new Approval(
            stricter(policy.approval().jobs(), approval.jobs()),
            stricter(policy.approval().releases(), approval.releases())),
        policy.people(),
        policy.limits());
  }

  private static Approval.Mode stricter(Approval.Mode one, Approval.Mode other) {
    return one == Approval.Mode.MANUAL ? one : other;
  }

  private Optional<Caps> caps(String dataset) {
    return datasets.flatMap(m -> Optional.ofNullable(m.get(dataset)));
  }

  private Dataset effective(Dataset d) {
    Optional<Caps> own = caps(d.id());
    Privacy privacy =
        switch (d.privacy()) {
          case Privacy.None none -> none;
          case Privacy.Cap cap -> {
            // The cap over all jobs is counted apart, in the policy's units: one dataset's smaller
            // cap would otherwise contradict another's over the same persons.
            BigDecimal most = cap.perJobMax();
            if (own.isPresent()) {
              most = most.min(own.get().perJobMax().orElse(most));
              most = most.min(own.get().epsilonCap().orElse(most));
            }
            yield new Privacy.Cap(cap.epsilonCap(), cap.delta(), most);
          }
        };
    List<String> filters =
        own.flatMap(Caps::filters).<List<String>>map(f -> kept(d.filters(), f)).orElse(d.filters());
    return new Dataset(
        d.id(),
        d.person(),
        d.maxPatientsPerSilo(),
        d.holdout(),
        d.columns(),
        d.labels(),
        privacy,
        filters);
  }

  private static List<String> kept(List<String> all, Set<String> some) {
    Set<String> out = new LinkedHashSet<>(all);
    out.retainAll(some);
    return List.copyOf(out);
  }

  private List<AnalysisGrant> grants(Policy policy) {
    if (analyses.isEmpty()) {
      return policy.analyses();
    }
    List<AnalysisGrant> out = new ArrayList<>();
    for (AnalysisGrant own : analyses.get()) {
      switch (own) {
        case AnalysisGrant.Statistics _ -> policy.statisticsGrant().ifPresent(out::add);
        case AnalysisGrant.Train t ->
            policy
                .trainGrant()
                .ifPresent(p -> {
                  Set<String> models = new TreeSet<>(t.models());
                  models.retainAll(p.models());
                  if (!models.isEmpty()) {
                    out.add(
                        new AnalysisGrant.Train(
                            models,
                            Math.min(t.maxParameters(), p.maxParameters()),
                            Math.min(t.maxRounds(), p.maxRounds())));
                  }
                });
      }
    }
    return out;
  }

  /** What a node decides by. */
  public SiteRules rules(PolicyShelf policies) {
    return new Rules(this, policies::byDigest);
  }

  private record Rules(
      SiteOverlay overlay, Function<io.concordat.crypto.bulk.Digest, Optional<Policy>> policies)
      implements SiteRules {
    @Override
    public Approval approval() {
      return overlay.approval;
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
          .map(r -> Refusal.of(Code.JOB_OUTSIDE_SITE, r.code().text() + " " + r.detail()));
    }

    @Override
    public OptionalLong capUnits(JobRecord job, FederationRules inForce) {
      Optional<Policy> policy = policies.apply(inForce.policy());
      Optional<Dataset> dataset = policy.flatMap(p -> p.dataset(job.terms().dataset()));
      if (dataset.isEmpty() || dataset.get().cap().isEmpty()) {
        return OptionalLong.empty();
      }
      Privacy.Cap cap = dataset.get().cap().get();
      String scope = dataset.get().budgetScope();
      return policy.get().datasets().stream()
          .filter(d -> d.budgetScope().equals(scope))
          .flatMap(d -> overlay.caps(d.id()).flatMap(Caps::epsilonCap).stream())
          .min(BigDecimal::compareTo)
          .map(own -> OptionalLong.of(units(cap, own)))
          .orElse(OptionalLong.empty());
    }
  }

  /** A smaller epsilon in the units in which the policy's own cap is counted, rounded down. */
  static long units(Privacy.Cap cap, BigDecimal epsilon) {
    RenyiFilter filter = RenyiFilter.forCap(cap.epsilonCap(), cap.delta());
    return filter
        .rhoFor(epsilon.min(cap.epsilonCap()))
        .movePointRight(9)
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }
}
