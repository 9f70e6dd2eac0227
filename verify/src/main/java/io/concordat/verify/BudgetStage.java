package io.concordat.verify;

import io.concordat.crypto.bulk.Digest;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all jobs together took from each institution's patients, computed from manifests and signed
 * job files alone: no entry that states a price is read.
 */
final class BudgetStage {
  static final String EPSILON = "the privacy loss is at most what the request asked for";
  static final String CAP = "no institution's patients are charged beyond the agreed cap";
  static final String EXACT = "exact sums were opened for at most two clearly different cohorts";

  private static final int UNIT_DIGITS = 9;

  private final Map<JobRecord, Policy> jobs = new LinkedHashMap<>();

  private BudgetStage(FederationLedger ledger, Map<Digest, Policy> policies) {
    for (JobRecord job : ledger.jobs()) {
      Policy policy = policies.get(job.rules().policy());
      if (policy != null) {
        jobs.put(job, policy);
      }
    }
  }

  static void run(FederationLedger ledger, Map<Digest, Policy> policies, List<Check> checks) {
    BudgetStage stage = new BudgetStage(ledger, policies);
    Policy newest = policies.get(ledger.rules().policy());
    if (newest == null) {
      checks.add(Check.failed(CAP, "the policy in force at the log's end is not in the pack"));
      return;
    }
    stage.jobs.forEach((job, policy) -> stage.epsilon(job, policy, checks));
    Set<String> scopes = new LinkedHashSet<>();
    for (Dataset dataset : newest.datasets()) {
      if (dataset.privacy() instanceof Privacy.None) {
        stage.exact(dataset, newest, checks);
      } else if (scopes.add(dataset.budgetScope())) {
        stage.cap(dataset, checks);
      }
    }
  }

  /** Opened or not, a round whose opening cannot be excluded counts as one. */
  private static List<RoundRecord> counted(JobRecord job) {
    return job.rounds().stream().filter(RoundRecord::charged).toList();
  }

  private void epsilon(JobRecord job, Policy policy, List<Check> checks) {
    if (!job.terms().noised()) {
      return;
    }
    Tally tally = new Tally(JobStage.name(job) + ": " + EPSILON);
    String where = "all counted openings";
    String found = "";
    Outcome<JobSpecification> file = JobReader.read("job", job.submitted().fileBytes());
    Outcome<JobPrice> priced = file.then(spec -> JobPrice.of(spec, policy));
    if (file instanceof Outcome.Accepted<JobSpecification>(JobSpecification spec)
        && priced instanceof Outcome.Accepted<JobPrice>(JobPrice price)) {
      JobSpecification.PrivacyTerms asked = spec.privacy().orElseThrow();
      Map<Integer, Integer> times = new TreeMap<>();
      counted(job).forEach(r -> times.merge(r.step(), 1, Integer::sum));
      List<GaussianRound> rounds = composed(price, times);
      double epsilon =
          rounds.isEmpty()
              ? 0
              : PldAccountant.standard().epsilon(rounds, asked.delta().doubleValue());
      int openings = times.values().stream().mapToInt(Integer::intValue).sum();
      found =
          "%d of %d planned openings counted: epsilon %.4f at delta %s, asked for %s"
              .formatted(openings, price.openings(), epsilon, asked.delta(), asked.epsilon());
      if (!(epsilon <= asked.epsilon().doubleValue())) {
        tally.fault(where, found);
      }
    } else {
      tally.fault(where, "the job has no price: " + priced.refusals());
    }
    checks.add(tally.check(found));
  }

  /** Equal mechanisms in one piece: the accountant's work grows with pieces, not with rounds. */
  private static List<GaussianRound> composed(JobPrice price, Map<Integer, Integer> times) {
    Map<GaussianRound, Long> pieces = new LinkedHashMap<>();
    times.forEach((step, count) -> pieces.merge(price.opening(step), (long) count, Long::sum));
    List<GaussianRound> out = new ArrayList<>();
    pieces.forEach((mechanism, count) -> out.add(mechanism.times(count)));
    return out;
  }

  private void cap(Dataset dataset, List<Check> checks) {
    Privacy.Cap cap = dataset.cap().orElseThrow();
    String scope = dataset.budgetScope();
    RenyiFilter filter = RenyiFilter.forCap(cap.epsilonCap(), cap.delta());
    long most =
        filter
            .rhoMax()
            .movePointRight(UNIT_DIGITS)
            .setScale(0, RoundingMode.FLOOR)
            .longValueExact();
    Tally tally = new Tally("Dataset " + dataset.id() + ": " + CAP);
    Map<String, Long> spent = new TreeMap<>();
    jobs.forEach((job, policy) -> {
      if (policy
          .dataset(job.terms().dataset())
          .map(Dataset::budgetScope)
          .filter(scope::equals)
          .isPresent()) {
        charge(job, policy, filter, spent, tally);
      }
    });
    StringBuilder found = new StringBuilder();
    spent.forEach((silo, units) -> {
      String words = silo + " " + rho(units) + " of " + rho(most);
      found.append(found.isEmpty() ? "" : ", ").append(words);
      if (units > most) {
        tally.fault(silo, words);
      } else {
        tally.agree();
      }
    });
    checks.add(
        tally.check(
            "cap epsilon "
                + cap.epsilonCap()
                + " at delta "
                + cap.delta()
                + ", kept as rho at order "
                + filter.alpha()
                + ": "
                + (found.isEmpty() ? "nothing charged" : found)));
  }

  private static void charge(
      JobRecord job, Policy policy, RenyiFilter filter, Map<String, Long> spent, Tally tally) {
    List<RoundRecord> rounds = counted(job);
    if (rounds.isEmpty()) {
      return;
    }
    Outcome<JobPrice> priced =
        JobReader.read("job", job.submitted().fileBytes()).then(s -> JobPrice.of(s, policy));
    if (!(priced instanceof Outcome.Accepted<JobPrice>(JobPrice price))) {
      tally.fault(JobStage.name(job), "has no price: " + priced.refusals());
      return;
    }
    // Priced in the units of its own version's cap, counted in those of the newest.
    Privacy.Cap own = policy.dataset(job.terms().dataset()).flatMap(Dataset::cap).orElseThrow();
    RenyiFilter pinned = RenyiFilter.forCap(own.epsilonCap(), own.delta());
    Map<GaussianRound, Long> prices = new LinkedHashMap<>();
    Map<GaussianRound, Long> counted = new LinkedHashMap<>();
    for (RoundRecord round : rounds) {
      GaussianRound opening = price.opening(round.step());
      long before = prices.computeIfAbsent(opening, mechanism -> units(pinned, mechanism));
      long units = counted.computeIfAbsent(opening, mechanism -> units(filter, mechanism));
      if (before != round.price()) {
        tally.fault(
            JobStage.name(job) + ", round " + round.number(),
            "was priced " + rho(round.price()) + ", computed is " + rho(before));
      }
      for (String silo : round.validManifest().orElseThrow().fixed().silos()) {
        spent.merge(silo, units, Math::addExact);
      }
    }
  }

  private static long units(RenyiFilter filter, GaussianRound mechanism) {
    return filter
        .price(List.of(mechanism))
        .movePointRight(UNIT_DIGITS)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  private static String rho(long units) {
    return BigDecimal.valueOf(units, UNIT_DIGITS).setScale(6, RoundingMode.CEILING).toString();
  }

  /** Persons that a job is about, as its own version of the policy names them. */
  private static String scope(JobRecord job) {
    FederationRules.DatasetRules dataset = job.rules().datasets().get(job.terms().dataset());
    return dataset == null ? "" : dataset.scope();
  }

  private void exact(Dataset dataset, Policy newest, List<Check> checks) {
    Tally tally = new Tally("Dataset " + dataset.id() + ": " + EXACT);
    List<Set<String>> cohorts = new ArrayList<>();
    jobs.keySet().stream()
        .filter(job -> !job.terms().noised() && scope(job).equals(dataset.budgetScope()))
        .flatMap(job -> counted(job).stream())
        .map(round -> Set.copyOf(round.validManifest().orElseThrow().fixed().silos()))
        .distinct()
        .forEach(cohorts::add);
    int apart = newest.cohort().maxColluding() + 2;
    if (cohorts.size() > 2) {
      tally.fault("cohorts", cohorts.size() + " different ones: " + cohorts);
    } else if (cohorts.size() == 2) {
      Set<String> differing = new HashSet<>(cohorts.get(0));
      differing.addAll(cohorts.get(1));
      differing.removeIf(s -> cohorts.get(0).contains(s) && cohorts.get(1).contains(s));
      if (differing.size() < apart) {
        tally.fault("cohorts", "differ in " + differing + " only, needed are " + apart);
      }
    }
    checks.add(
        tally.check(
            "epsilon: not bounded, as the policy says; cohorts opened: "
                + (cohorts.isEmpty() ? "none" : cohorts.size())));
  }
}
