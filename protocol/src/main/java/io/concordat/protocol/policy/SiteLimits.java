package io.concordat.protocol.policy;

import io.concordat.privacy.budget.RenyiFilter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one institution forbids for its own records beyond the policy. Under any policy the smaller
 * of two figures counts, so nothing here can loosen one.
 *
 * @param datasets the only ones, with their own caps; empty if all of the policy's
 * @param analyses the only ones; empty if all of the policy's
 */
public record SiteLimits(Optional<Map<String, Caps>> datasets, Optional<Grants> analyses) {
  /** Nothing beyond the policy. */
  public static final SiteLimits NONE = new SiteLimits(Optional.empty(), Optional.empty());

  private static final int UNIT_DIGITS = 9;

  public SiteLimits {
    datasets = datasets.map(d -> Collections.unmodifiableMap(new TreeMap<>(d)));
  }

  /**
   * Own caps on one dataset, where there are any.
   *
   * @param filters the only columns that may filter records
   */
  public record Caps(
      Optional<BigDecimal> epsilonCap,
      Optional<BigDecimal> perJobMax,
      Optional<Set<String>> filters) {
    public Caps {
      // 1e2 and 100 are one cap: what is declared must equal what its reader makes of it.
      epsilonCap = epsilonCap.map(Caps::plain);
      perJobMax = perJobMax.map(Caps::plain);
      filters = filters.map(f -> Collections.unmodifiableSet(new TreeSet<>(f)));
    }

    private static BigDecimal plain(BigDecimal value) {
      return value.scale() < 0 ? value.setScale(0) : value;
    }
  }

  /** Analyses that are left; the policy's own figures hold beside these. */
  public record Grants(boolean statistics, Optional<AnalysisGrant.Train> train) {}

  /** The policy as this institution's own records see it. Its digest stays the policy's. */
  public Policy effective(Policy policy, Approval approval) {
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
        analyses.map(own -> grants(own, policy)).orElse(policy.analyses()),
        policy.templates(),
        policy.approval().stricter(approval),
        policy.people(),
        policy.limits());
  }

  /**
   * The own cap over all jobs on a dataset's persons, in the billionths of rho in which the policy
   * counts its cap; empty if there is none.
   */
  public OptionalLong capUnits(Policy policy, String dataset) {
    Optional<Dataset> known = policy.dataset(dataset);
    if (known.isEmpty() || known.get().cap().isEmpty()) {
      return OptionalLong.empty();
    }
    Privacy.Cap cap = known.get().cap().get();
    String scope = known.get().budgetScope();
    return policy.datasets().stream()
        .filter(d -> d.budgetScope().equals(scope))
        .flatMap(d -> caps(d.id()).flatMap(Caps::epsilonCap).stream())
        .min(BigDecimal::compareTo)
        .map(own -> OptionalLong.of(units(cap, own)))
        .orElse(OptionalLong.empty());
  }

  /** A smaller epsilon in the units in which the policy's own cap is counted, rounded down. */
  public static long units(Privacy.Cap cap, BigDecimal epsilon) {
    RenyiFilter filter = RenyiFilter.forCap(cap.epsilonCap(), cap.delta());
    return filter
        .rhoFor(epsilon.min(cap.epsilonCap()))
        .movePointRight(UNIT_DIGITS)
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
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
            yield new Privacy.Cap(cap.epsilonCap(), cap.delta(), most, cap.attestation());
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

  private static List<AnalysisGrant> grants(Grants own, Policy policy) {
    List<AnalysisGrant> out = new ArrayList<>();
    if (own.statistics()) {
      policy.statisticsGrant().ifPresent(out::add);
    }
    if (own.train().isPresent() && policy.trainGrant().isPresent()) {
      AnalysisGrant.Train mine = own.train().get();
      AnalysisGrant.Train theirs = policy.trainGrant().get();
      Set<String> models = new TreeSet<>(mine.models());
      models.retainAll(theirs.models());
      if (!models.isEmpty()) {
        out.add(
            new AnalysisGrant.Train(
                models,
                Math.min(mine.maxParameters(), theirs.maxParameters()),
                Math.min(mine.maxRounds(), theirs.maxRounds())));
      }
    }
    return out;
  }
}
