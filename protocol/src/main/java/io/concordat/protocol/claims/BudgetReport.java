package io.concordat.protocol.claims;

import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Where every silo's budget stands, for each person column: what the log shows as spent, what
 * running jobs hold back, what is left.
 *
 * @param logSize the log's size that this was read at
 * @param accounts one for each person column and silo
 */
public record BudgetReport(String federation, long logSize, List<Account> accounts) {
  public BudgetReport {
    accounts = List.copyOf(accounts);
  }

  /**
   * One silo's patients of one person column.
   *
   * @param scope the person column, or the dataset whose rows are persons
   * @param datasets that share the cap
   * @param order of the Renyi divergence in which the cap is kept
   * @param capUnits the cap in billionths of rho
   * @param spentUnits price of all rounds that the log does not show closed
   * @param reservedUnits price of what running jobs may still open
   * @param epsilonIfFixed what the charged rounds would cost together, had all of them been fixed
   *     in advance; a figure for comparison, never the guarantee
   * @param jobsOfEpsilonOne single openings of epsilon 1 that still fit
   * @param history what was taken, in the order in which the log charged it
   */
  public record Account(
      String scope,
      List<String> datasets,
      String silo,
      Privacy.Cap cap,
      int order,
      long capUnits,
      long spentUnits,
      long reservedUnits,
      double epsilonIfFixed,
      long jobsOfEpsilonOne,
      List<Spend> history) {
    public Account {
      datasets = List.copyOf(datasets);
      history = List.copyOf(history);
    }

    Account with(double epsilon, long jobs) {
      return new Account(
          scope,
          datasets,
          silo,
          cap,
          order,
          capUnits,
          spentUnits,
          reservedUnits,
          epsilon,
          jobs,
          history);
    }

    /** What a new job may take. */
    public long leftUnits() {
      return Math.max(0, capUnits - spentUnits - reservedUnits);
    }
  }

  /**
   * What one job took in rounds between which no other job took anything.
   *
   * @param time when the first of these rounds was charged: its cohort was fixed
   * @param until when the last of them was
   * @param rounds that count
   * @param totalUnits of these and all before them
   */
  public record Spend(
      Instant time,
      Instant until,
      String job,
      String name,
      int rounds,
      long units,
      long totalUnits) {}

  /**
   * What the log says, copied; the rest needs no ledger and may take its time.
   *
   * @param accounts without figures that an accountant computes
   * @param taken by account: how often each step of each job counted
   */
  public record Reading(
      String federation, long logSize, List<Account> accounts, List<List<Taken>> taken) {
    public Reading {
      accounts = List.copyOf(accounts);
      taken = List.copyOf(taken);
    }

    /**
     * The report.
     *
     * @param prices of jobs under the policy that they are pinned to; empty where it is not known
     */
    public BudgetReport report(Function<JobRecord, Optional<JobPrice>> prices) {
      // Silos of one federation mostly took part in the same rounds: composed once.
      Map<Map<GaussianRound, Long>, Double> composed = new HashMap<>();
      List<Account> out = new ArrayList<>();
      for (int i = 0; i < accounts.size(); i++) {
        Account account = accounts.get(i);
        double delta = account.cap().delta().doubleValue();
        double epsilon =
            composed.computeIfAbsent(mechanisms(taken.get(i), prices), m -> together(m, delta));
        long one = Units.jobOfEpsilonOne(account.cap());
        out.add(account.with(epsilon, account.leftUnits() / one));
      }
      return new BudgetReport(federation, logSize, out);
    }
  }

  /** How often each step of a job counted at one silo. */
  public record Taken(JobRecord job, Map<Integer, Long> steps) {
    public Taken {
      steps = Map.copyOf(steps);
    }
  }

  /**
   * Reads a ledger.
   *
   * @param policy in force
   */
  public static Reading read(FederationLedger ledger, Policy policy) {
    Map<String, List<Dataset>> scopes = new TreeMap<>();
    for (Dataset dataset : policy.datasets()) {
      if (dataset.cap().isPresent()) {
        scopes.computeIfAbsent(dataset.budgetScope(), _ -> new ArrayList<>()).add(dataset);
      }
    }
    List<Account> accounts = new ArrayList<>();
    List<List<Taken>> taken = new ArrayList<>();
    scopes.forEach((scope, datasets) -> {
      for (String silo : silos(ledger, datasets)) {
        List<Taken> own = new ArrayList<>();
        accounts.add(account(ledger, scope, datasets, silo, own));
        taken.add(List.copyOf(own));
      }
    });
    return new Reading(policy.federation(), ledger.size(), accounts, taken);
  }

  private static List<String> silos(FederationLedger ledger, List<Dataset> datasets) {
    return datasets.stream()
        .flatMap(d -> ledger.declared(d.id()).keySet().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static Account account(
      FederationLedger ledger,
      String scope,
      List<Dataset> datasets,
      String silo,
      List<Taken> taken) {
    Privacy.Cap cap = datasets.getFirst().cap().orElseThrow();
    FederationRules.DatasetRules rules = ledger.rules().datasets().get(datasets.getFirst().id());
    long capUnits = rules == null ? 0 : rules.capUnits().orElse(0);
    List<RoundRecord> charged = new ArrayList<>();
    for (JobRecord job : ledger.jobs()) {
      if (!scopeOf(job).equals(scope)) {
        continue;
      }
      List<RoundRecord> own = job.rounds().stream().filter(r -> r.charges(silo)).toList();
      if (!own.isEmpty()) {
        Map<Integer, Long> steps = new TreeMap<>();
        own.forEach(round -> steps.merge(round.step(), 1L, Long::sum));
        taken.add(new Taken(job, steps));
        charged.addAll(own);
      }
    }
    charged.sort(Comparator.comparingLong(r -> r.validManifest().orElseThrow().index()));
    List<Spend> history = history(charged);
    long spent = history.isEmpty() ? 0 : history.getLast().totalUnits();
    return new Account(
        scope,
        datasets.stream().map(Dataset::id).toList(),
        silo,
        cap,
        Units.filter(cap).alpha(),
        capUnits,
        spent,
        Math.max(0, ledger.budgets().committed(silo, scope) - spent),
        0,
        0,
        history);
  }

  /** Rounds in the order of their charges, those of one job in a row as one. */
  private static List<Spend> history(List<RoundRecord> charged) {
    List<Spend> out = new ArrayList<>();
    for (RoundRecord round : charged) {
      JobRecord job = round.job();
      Instant time = round.validManifest().orElseThrow().time();
      long units = round.accountedPrice();
      Spend next =
          new Spend(time, time, job.digest().toString(), job.terms().name(), 1, units, units);
      if (!out.isEmpty()) {
        Spend last = out.getLast();
        boolean same = last.job().equals(next.job());
        next =
            new Spend(
                same ? last.time() : time,
                time,
                next.job(),
                next.name(),
                same ? last.rounds() + 1 : 1,
                same ? Math.addExact(last.units(), units) : units,
                Math.addExact(last.totalUnits(), units));
        if (same) {
          out.removeLast();
        }
      }
      out.add(next);
    }
    return out;
  }

  private static Map<GaussianRound, Long> mechanisms(
      List<Taken> taken, Function<JobRecord, Optional<JobPrice>> prices) {
    Map<GaussianRound, Long> mechanisms = new LinkedHashMap<>();
    for (Taken one : taken) {
      prices
          .apply(one.job())
          .ifPresent(price ->
              one.steps()
                  .forEach(
                      (step, count) -> mechanisms.merge(price.opening(step), count, Long::sum)));
    }
    return mechanisms;
  }

  private static String scopeOf(JobRecord job) {
    FederationRules.DatasetRules dataset = job.rules().datasets().get(job.terms().dataset());
    return dataset == null ? "" : dataset.scope();
  }

  /** The accountant's epsilon of rounds by mechanism; none cost nothing. */
  static double together(Map<GaussianRound, Long> mechanisms, double delta) {
    List<GaussianRound> rounds = new ArrayList<>();
    mechanisms.forEach((mechanism, count) -> rounds.add(mechanism.times(count)));
    return rounds.isEmpty() ? 0 : PldAccountant.standard().epsilon(rounds, delta);
  }

  /** As {@code budget/1}. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("schema", "budget/1")
        .put("federation", federation)
        .put("logSize", logSize)
        .put("accounts", accounts.stream().map(BudgetReport::json).toList())
        .build();
  }

  private static JsonObject json(Account account) {
    return JsonObject.builder()
        .put("scope", account.scope())
        .put("datasets", account.datasets())
        .put("silo", account.silo())
        .put("epsilonCap", account.cap().epsilonCap().toPlainString())
        .put("delta", account.cap().delta().toPlainString())
        .put("order", account.order())
        .put("rhoCap", Units.rho(account.capUnits()))
        .put("rhoSpent", Units.rho(account.spentUnits()))
        .put("rhoReserved", Units.rho(account.reservedUnits()))
        .put("rhoLeft", Units.rho(account.leftUnits()))
        .put("epsilonIfFixedInAdvance", Units.decimal(account.epsilonIfFixed()))
        .put("jobsOfEpsilonOneLeft", account.jobsOfEpsilonOne())
        .put("history", account.history().stream().map(BudgetReport::json).toList())
        .build();
  }

  private static JsonObject json(Spend spend) {
    return JsonObject.builder()
        .put("time", spend.time())
        .put("until", spend.until())
        .put("job", spend.job())
        .put("name", spend.name())
        .put("rounds", spend.rounds())
        .put("rho", Units.rho(spend.units()))
        .put("rhoTotal", Units.rho(spend.totalUnits()))
        .build();
  }
}
