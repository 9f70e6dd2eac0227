package io.concordat.protocol.claims;

import io.concordat.crypto.box.BoxLength;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.Layouts;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.analysis.StateNames;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a job would cost and whether it would be taken, before anything of it is written anywhere.
 */
public final class DryRun {
  /**
   * Seconds of a round that nothing has been measured of, on one machine: signing, polling and two
   * checkpoints.
   */
  private static final double ROUND_SECONDS = 0.5;

  /** Ten megabits a second: what a hospital's line gives at least. */
  private static final double BYTES_A_SECOND = 1_250_000;

  private final Policy policy;
  private final VerifyingKey submitter;
  private final Outcome<JobPlan> plan;

  /** Members that need no ledger, figures of the accountant among them. */
  private final JsonObject.Builder out = JsonObject.builder().put("schema", "price/1");

  private final List<Objection> objections = new ArrayList<>();

  /** What silos forbid beyond the policy, by silo: they stay out, the job may go on without. */
  private final SortedMap<String, List<Refusal>> staysOut = new TreeMap<>();

  private DryRun(Policy policy, VerifyingKey submitter, Outcome<JobPlan> plan) {
    this.policy = policy;
    this.submitter = submitter;
    this.plan = plan;
  }

  /**
   * Rounds of this federation that have been opened.
   *
   * @param rounds how many
   * @param secondsEach median time from announcement to opening
   */
  public record Measured(int rounds, double secondsEach) {}

  /** A rule that says no, and at which silo, if it is one's. */
  private record Objection(Refusal refusal, Optional<String> silo) {}

  /** Bytes that one silo sends. */
  private record Volume(long largestRound, long job) {}

  /**
   * What follows from file and policy, which may take a second; {@link #against} then looks at a
   * ledger.
   *
   * @param job what the file says, or why it says nothing
   * @param plan what the policy makes of it, or why not
   * @param submitter whose key would sign the submission
   * @param measured rounds of this federation, if there are any
   */
  public static DryRun of(
      Outcome<JobSpecification> job,
      Outcome<JobPlan> plan,
      Policy policy,
      VerifyingKey submitter,
      Optional<Measured> measured) {
    DryRun run = new DryRun(policy, submitter, plan);
    if (job instanceof Outcome.Accepted<JobSpecification>(JobSpecification file)) {
      run.out
          .put("digest", file.digest().toString())
          .put("name", file.name())
          .put("dataset", file.dataset())
          .put("kind", file.analysis().kind());
    }
    if (plan instanceof Outcome.Accepted<JobPlan>(JobPlan accepted)) {
      run.figures(accepted, measured);
    } else {
      plan.refusals().forEach(r -> run.objections.add(new Objection(r, Optional.empty())));
    }
    return run;
  }

  private void figures(JobPlan accepted, Optional<Measured> measured) {
    out.put("noised", accepted.terms().noised()).put("rounds", accepted.terms().steps());
    out.put("rhoUnits", accepted.terms().priceFrom(0));
    accepted
        .price()
        .ifPresentOrElse(price -> price(price, out), () -> out.put("epsilon", "not bounded"));
    Volume volume = volume(accepted.analysis());
    out.put("bytesPerSiloAndRound", volume.largestRound()).put("bytesPerSilo", volume.job());
    out.put("expected", expected(accepted.terms().steps(), volume, measured));
  }

  /** The whole answer, as {@code price/1}. To be asked for once. */
  public JsonObject against(FederationLedger ledger) {
    if (plan instanceof Outcome.Accepted<JobPlan>(JobPlan accepted)) {
      String dataset = accepted.specification().dataset();
      SortedMap<String, Long> silos = ledger.declared(dataset);
      overlays(ledger, accepted.specification(), silos.keySet());
      policy
          .dataset(dataset)
          .flatMap(Dataset::cap)
          .ifPresent(cap ->
              out.put(
                  "budget", budget(ledger, cap, dataset, silos, accepted.terms().priceFrom(0))));
      federation(ledger, silos);
      byHand(ledger, silos.keySet());
    }
    return out.put("allowed", objections.isEmpty())
        .put("refusals", objections.stream().map(DryRun::json).toList())
        .put("staysOut", staysOut())
        .build();
  }

  /**
   * Every silo's own overlay, as it declared it: the job is checked against the policy as that
   * silo's records see it, by the same rules with which the silo itself decides.
   */
  private void overlays(FederationLedger ledger, JobSpecification job, Set<String> silos) {
    for (String silo : silos) {
      ledger
          .site(silo)
          .map(site -> JobChecker.check(job, site.limits().effective(policy, site.approval())))
          .filter(refusals -> !refusals.isEmpty())
          .ifPresent(refusals -> staysOut.put(silo, new ArrayList<>(refusals)));
    }
  }

  /** Where an officer's word will be waited for: a job that is allowed may still take days. */
  private void byHand(FederationLedger ledger, Set<String> silos) {
    List<String> jobs = new ArrayList<>();
    List<String> releases = new ArrayList<>();
    for (String silo : silos) {
      Approval asked =
          ledger
              .site(silo)
              .map(site -> policy.approval().stricter(site.approval()))
              .orElse(policy.approval());
      if (asked.jobs() == Approval.Mode.MANUAL) {
        jobs.add(silo);
      }
      if (asked.releases() == Approval.Mode.MANUAL) {
        releases.add(silo);
      }
    }
    out.put(
        "decidedByHand", JsonObject.builder().put("jobs", jobs).put("releases", releases).build());
  }

  private List<JsonObject> staysOut() {
    List<JsonObject> all = new ArrayList<>();
    staysOut.forEach((silo, refusals) -> {
      for (Refusal refusal : refusals) {
        all.add(
            JsonObject.builder()
                .put("silo", silo)
                .put("code", Code.JOB_OUTSIDE_SITE.text())
                .put("rule", refusal.code().text())
                .put("detail", refusal.detail())
                .put("remedy", Code.JOB_OUTSIDE_SITE.remedy())
                .putIfPresent("where", refusal.where().map(Where::toString))
                .build());
      }
    });
    return all;
  }

  private void federation(FederationLedger ledger, SortedMap<String, Long> silos) {
    if (ledger.frozen()) {
      object(Code.POLICY_FROZEN, "no job starts while the federation is frozen");
    }
    if (ledger.endorsement(submitter).isEmpty()) {
      object(Code.JOB_SUBMITTER, "no institution endorsed " + submitter);
    }
    int least = ledger.rules().minContributors();
    if (silos.size() < least) {
      object(
          Code.ROUND_COHORT_TOO_SMALL,
          silos.size() + " silos have declared the dataset, the policy asks for " + least);
    } else if (silos.size() - staysOut.size() < least) {
      object(
          Code.ROUND_COHORT_TOO_SMALL,
          "the overlays of "
              + String.join(", ", staysOut.keySet())
              + " forbid the job, which leaves "
              + (silos.size() - staysOut.size())
              + " silos; the policy asks for "
              + least);
    }
  }

  private void object(Code code, String detail) {
    objections.add(new Objection(Refusal.of(code, detail), Optional.empty()));
  }

  private static void price(JobPrice price, JsonObject.Builder out) {
    out.put("epsilon", Units.decimal(price.epsilon()))
        .put("ownShareEpsilon", Units.decimal(price.ownShareEpsilon()))
        .put("delta", Units.decimal(price.delta()))
        .put("parts", price.parts().stream().map(part -> part(price, part)).toList());
  }

  private static JsonObject part(JobPrice price, JobPrice.Part part) {
    return JsonObject.builder()
        .put("kind", part.kind().text())
        .put("rounds", part.rounds())
        .put("noiseMultiplier", part.noiseMultiplier().toPlainString())
        .put("siloSigma", part.share().sigma())
        .put("clipUnits", part.share().clipUnits())
        .put("epsilonAlone", Units.decimal(price.epsilonOf(part)))
        .build();
  }

  private Volume volume(Analysis analysis) {
    PublicState start = analysis.initialState();
    int holders = policy.keyHolders().members().size();
    long job = 0;
    long largest = 0;
    for (int round = 0; round < analysis.rounds(); round++) {
      RoundShape shape = analysis.shape(start.toBuilder().scalar(StateNames.ROUND, round).build());
      Layout layout = Layouts.of(shape, policy.encryption());
      long bytes =
          layout.ciphertextBytes()
              + (long) holders * BoxLength.ofShare(2 * layout.set().ringDegree());
      largest = Math.max(largest, bytes);
      job = Math.addExact(job, bytes);
    }
    return new Volume(largest, job);
  }

  private static JsonObject expected(int rounds, Volume volume, Optional<Measured> measured) {
    double seconds =
        measured
            .map(m -> m.secondsEach() * rounds)
            .orElse(ROUND_SECONDS * rounds + volume.job() / BYTES_A_SECOND);
    JsonObject.Builder out =
        JsonObject.builder()
            .put("minutes", Units.decimal(Math.round(seconds / 60 * 100) / 100.0))
            .put("basis", measured.isPresent() ? "measured" : "estimate");
    measured.ifPresent(m ->
        out.put("measuredRounds", m.rounds())
            .put("secondsPerRound", Units.decimal(Math.round(m.secondsEach() * 1000) / 1000.0)));
    return out.build();
  }

  private List<JsonObject> budget(
      FederationLedger ledger,
      Privacy.Cap cap,
      String dataset,
      SortedMap<String, Long> silos,
      long units) {
    FederationRules.DatasetRules rules = ledger.rules().datasets().get(dataset);
    List<JsonObject> out = new ArrayList<>();
    if (rules == null || rules.capUnits().isEmpty()) {
      return out;
    }
    long capUnits = rules.capUnits().getAsLong();
    long one = Units.jobOfEpsilonOne(cap);
    for (String silo : silos.keySet()) {
      long taken = ledger.budgets().committed(silo, rules.scope());
      long own = Math.max(0, capOf(ledger, silo, dataset).orElse(capUnits));
      if (own < capUnits && taken + units > own && taken + units <= capUnits) {
        staysOut
            .computeIfAbsent(silo, _ -> new ArrayList<>())
            .add(
                Refusal.at(
                    Where.field("privacy.epsilon"),
                    Code.JOB_BUDGET,
                    "the job takes rho "
                        + Units.rho(units)
                        + ", left under the silo's own epsilonCap are "
                        + Units.rho(Math.max(0, own - taken))
                        + " of "
                        + Units.rho(own)));
      }
      long after = capUnits - taken - units;
      if (after < 0) {
        objections.add(
            new Objection(
                Refusal.at(
                    Where.field("privacy.epsilon"),
                    Code.JOB_BUDGET,
                    "the job takes rho "
                        + Units.rho(units)
                        + ", left at "
                        + silo
                        + " are "
                        + Units.rho(Math.max(0, capUnits - taken))
                        + " of "
                        + Units.rho(capUnits)
                        + (taken == 0
                            ? "; the cap is kept at one Renyi order over jobs chosen one after the"
                                + " other, so a single job cannot take all of its epsilon"
                            : "")),
                Optional.of(silo)));
      }
      out.add(
          JsonObject.builder()
              .put("silo", silo)
              .put("order", Units.filter(cap).alpha())
              .put("rhoCap", Units.rho(Math.min(own, capUnits)))
              .put("rhoTaken", Units.rho(taken))
              .put("rhoPrice", Units.rho(units))
              .put("rhoLeftAfter", Units.rho(left(Math.min(own, capUnits), taken, units)))
              .put("jobsOfEpsilonOneLeftAfter", left(Math.min(own, capUnits), taken, units) / one)
              .build());
    }
    return out;
  }

  private OptionalLong capOf(FederationLedger ledger, String silo, String dataset) {
    return ledger
        .site(silo)
        .map(site -> site.limits().capUnits(policy, dataset))
        .orElse(OptionalLong.empty());
  }

  private static long left(long cap, long taken, long units) {
    return Math.max(0, cap - taken - units);
  }

  private static JsonObject json(Objection objection) {
    Refusal refusal = objection.refusal();
    return JsonObject.builder()
        .put("code", refusal.code().text())
        .put("detail", refusal.detail())
        .put("remedy", refusal.code().remedy())
        .putIfPresent("where", refusal.where().map(Where::toString))
        .putIfPresent("silo", objection.silo())
        .build();
  }
}
