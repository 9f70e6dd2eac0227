package io.concordat.protocol.claims;

import io.concordat.crypto.bulk.Digest;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.RdpAccountant;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.privacy.evidence.NoiseAttestation;
import io.concordat.privacy.evidence.NoiseRepetition;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.AttestedAnalysis;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.Metrics;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.statement.JobEnded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a result's privacy claim is, what it stands on and what it does not say: the points of NIST
 * SP 800-226 (2025), section 2 to 5, for one job. A {@code claims/1}.
 *
 * <p>Everything follows from the log up to the job's end, the signed job file, the policy and the
 * final state. The aggregator hands out these bytes; {@code audit verify} makes them again.
 */
public final class ClaimSheet {
  private final JobRecord job;
  private final JobPlan plan;
  private final Policy policy;
  private final PublicState last;
  private final Dataset dataset;

  private ClaimSheet(JobRecord job, JobPlan plan, Policy policy, PublicState last) {
    this.job = job;
    this.plan = plan;
    this.policy = policy;
    this.last = last;
    this.dataset = policy.dataset(plan.specification().dataset()).orElseThrow();
  }

  /**
   * The sheet of a job that succeeded.
   *
   * @param job as the ledger has it, its end included
   * @param plan of its file under {@code policy}
   * @param policy that the job is pinned to
   * @param last the final public state
   */
  public static JsonObject of(JobRecord job, JobPlan plan, Policy policy, PublicState last) {
    return new ClaimSheet(job, plan, policy, last).sheet();
  }

  private JsonObject sheet() {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("schema", "claims/1")
            .put("federation", policy.federation())
            .put(
                "policy",
                JsonObject.builder()
                    .put("version", policy.version())
                    .put("sha256", policy.digest().toString())
                    .build())
            .put("job", job.digest().toString())
            .put("name", job.terms().name())
            .put("dataset", dataset.id())
            .put("kind", plan.specification().analysis().kind())
            .put("result", job.end().flatMap(JobEnded::result).map(Digest::toString).orElse("none"))
            .put("unit", unit())
            .put("participants", participants())
            .put("utility", utility())
            .put("public", SheetWords.openly(plan))
            .put("assumptions", SheetWords.assumptions(plan))
            .put("sideOutputs", SheetWords.sideOutputs(plan))
            .put("notPromised", SheetWords.notPromised(plan))
            .put("implementation", SheetWords.implementation());
    plan.price()
        .ifPresentOrElse(
            price -> noised(price, out),
            () ->
                out.put(
                    "privacy",
                    JsonObject.builder()
                        .put("bounded", false)
                        .put("epsilon", "not bounded")
                        .put(
                            "reason",
                            "the policy says privacy: none for this dataset; its sums were opened"
                                + " as they are")
                        .build()));
    return out.build();
  }

  private JsonObject unit() {
    return JsonObject.builder()
        .put("protected", dataset.everyRowIsOnePerson() ? "row" : "person")
        .put("column", dataset.everyRowIsOnePerson() ? "each row is one person" : dataset.person())
        .put(
            "relation",
            "zero-out: one person's rows at one silo count as if they were not there; how many"
                + " persons each silo has is public")
        .put("silosOfOnePerson", 1)
        .build();
  }

  private JsonObject participants() {
    List<JsonObject> silos = new ArrayList<>();
    List<RoundRecord> counted = job.rounds().stream().filter(RoundRecord::charged).toList();
    Map<String, Integer> rounds = new TreeMap<>();
    int smallest = Integer.MAX_VALUE;
    int largest = 0;
    for (RoundRecord round : counted) {
      List<String> cohort = round.validManifest().orElseThrow().fixed().silos();
      cohort.forEach(silo -> rounds.merge(silo, 1, Integer::sum));
      smallest = Math.min(smallest, cohort.size());
      largest = Math.max(largest, cohort.size());
    }
    job.patients()
        .forEach((silo, patients) ->
            silos.add(
                JsonObject.builder()
                    .put("silo", silo)
                    .put("declared", patients)
                    .put("rounds", rounds.getOrDefault(silo, 0))
                    .build()));
    return JsonObject.builder()
        .put("silos", silos)
        .put("roundsPlanned", job.terms().steps())
        .put("roundsAnnounced", job.rounds().size())
        .put("roundsCounted", counted.size())
        .put("smallestCohort", counted.isEmpty() ? 0 : smallest)
        .put("largestCohort", largest)
        .build();
  }

  private void noised(JobPrice price, JsonObject.Builder out) {
    Privacy.Cap cap = dataset.cap().orElseThrow();
    out.put("privacy", privacy(price))
        .put("noise", noise(price))
        .put("budget", budget(cap))
        .put("attestation", attestation())
        .put("audit", ReplayedAudit.ifQuick(price, job.digest().bytes()).toJson())
        .put("annex", annex(price));
  }

  /** How often each planned opening counted, spoiled and overflowed attempts among them. */
  private Map<Integer, Long> countedSteps() {
    Map<Integer, Long> steps = new TreeMap<>();
    job.rounds().stream()
        .filter(RoundRecord::charged)
        .forEach(r -> steps.merge(r.step(), 1L, Long::sum));
    return steps;
  }

  private double counted(JobPrice price, boolean joint) {
    Map<GaussianRound, Long> mechanisms = new LinkedHashMap<>();
    countedSteps()
        .forEach((step, count) -> {
          JobPrice.Part part = price.partOf(step);
          mechanisms.merge((joint ? part.joint() : part.ownShare()).times(1), count, Long::sum);
        });
    return BudgetReport.together(mechanisms, price.delta());
  }

  private JsonObject privacy(JobPrice price) {
    return JsonObject.builder()
        .put("bounded", true)
        .put("guarantee", "(epsilon, delta)-differential privacy of everything the job opened")
        .put("epsilon", Units.decimal(counted(price, true)))
        .put("epsilonOwnShare", Units.decimal(counted(price, false)))
        .put("delta", Units.decimal(price.delta()))
        .put("epsilonPlanned", Units.decimal(price.epsilon()))
        .put("epsilonAsked", plan.specification().privacy().orElseThrow().epsilon().toPlainString())
        .put("maxPatients", policy.maxPatients(dataset))
        .put("deltaRule", "at most 1 / (10 x maxPatients), and at most the policy's")
        .put(
            "chosenBy",
            "the submitter within the policy's perJobMax; the policy by its institutions")
        .put("epsilonByRenyi", Units.decimal(renyi(price)))
        .put(
            "accountant",
            "inside the job: privacy loss distributions, connected dots, on rounds fixed in"
                + " advance; checked by Renyi divergence (epsilonByRenyi). Across jobs: a Renyi"
                + " filter at the budget's order")
        .put("parts", price.parts().stream().map(part -> part(price, part)).toList())
        .build();
  }

  private static double renyi(JobPrice price) {
    return RdpAccountant.standard().epsilon(price.joint(), price.delta());
  }

  private static JsonObject part(JobPrice price, JobPrice.Part part) {
    return JsonObject.builder()
        .put("kind", part.kind().text())
        .put("openings", part.rounds())
        .put("samplingRate", part.sampling().numerator() + "/" + part.sampling().denominator())
        .put("noiseMultiplier", part.noiseMultiplier().toPlainString())
        .put("sensitivityUnits", part.share().clipUnits())
        .put("siloSigmaUnits", part.share().sigma())
        .put("epsilonAlone", Units.decimal(price.epsilonOf(part)))
        .build();
  }

  private JsonObject noise(JobPrice price) {
    return JsonObject.builder()
        .put(
            "mechanism",
            "sum of discrete Gaussians, one from each silo in every coordinate; priced as a"
                + " continuous Gaussian of the variance less 4")
        .put("sampler", "exact, in integers (Canonne, Kamath, Steinke 2020)")
        .put(
            "sensitivity",
            "L2, of one person's integer vector, checked in integers after truncation toward zero")
        .put("minContributors", policy.cohort().minContributors())
        .put("colluders", policy.cohort().maxColluding())
        .put("countedSilos", price.training().honest())
        .put(
            "dropouts",
            "a silo that fails to contribute takes its noise with it: shares are sized for the"
                + " smallest cohort that may be opened")
        .build();
  }

  private JsonObject budget(Privacy.Cap cap) {
    FederationRules.DatasetRules rules =
        Optional.ofNullable(job.rules().datasets().get(dataset.id())).orElseThrow();
    RenyiFilter filter = Units.filter(cap);
    List<JsonObject> accounts = new ArrayList<>();
    job.committedAfter()
        .forEach((silo, after) ->
            accounts.add(
                JsonObject.builder()
                    .put("silo", silo)
                    .put("rhoBefore", Units.rho(job.committedBefore().getOrDefault(silo, 0L)))
                    .put("rhoOfJob", Units.rho(job.spentAsPriced(silo)))
                    .put("rhoAfter", Units.rho(after))
                    .build()));
    return JsonObject.builder()
        .put("scope", rules.scope())
        .put("epsilonCap", cap.epsilonCap().toPlainString())
        .put("delta", cap.delta().toPlainString())
        .put("order", filter.alpha())
        .put("rhoCap", Units.rho(rules.capUnits().orElse(0)))
        .put(
            "composition",
            "holds for all jobs on these persons together, chosen one after the other, as long as"
                + " rho stays within the cap; what other running jobs hold back is in before and"
                + " after")
        .put("silos", accounts)
        .build();
  }

  private JsonObject attestation() {
    List<NoiseAttestation> rounds = AttestedAnalysis.rounds(last);
    JsonObject.Builder out = JsonObject.builder().put("rounds", rounds.size());
    if (rounds.isEmpty()) {
      return out.put("verdict", "not measured").build();
    }
    NoiseAttestation all = AttestedAnalysis.together(last);
    return out.put("coordinates", NoiseAttestation.COORDINATES)
        .put("ratio", Units.decimal(all.ratio()))
        .put("significance", Units.decimal(all.significance()))
        .put("verdict", words(all.verdict()))
        .put("ratios", rounds.stream().map(r -> Units.decimal(r.ratio())).toList())
        .put("repetition", repetition(AttestedAnalysis.repetition(last)))
        .put(
            "means",
            "opened noise over promised variance in coordinates that every silo left at zero;"
                + " shows bugs, not silos that add noise they know")
        .build();
  }

  private static JsonObject repetition(NoiseRepetition found) {
    JsonObject.Builder out = JsonObject.builder().put("compared", found.deviations().size());
    if (found.deviations().isEmpty()) {
      return out.put("verdict", "nothing to compare").build();
    }
    return out.put("largest", Units.decimal(found.largest()))
        .put("together", Units.decimal(found.together()))
        .put("limit", Units.decimal(found.limit()))
        .put("verdict", found.repeated() ? "noise came back" : "fresh in every round")
        .put(
            "means",
            "how much each round's noise resembles that of the rounds before it, in deviations;"
                + " fresh noise passes the limit once in a million jobs")
        .build();
  }

  private static String words(NoiseAttestation.Verdict verdict) {
    return switch (verdict) {
      case CONSISTENT -> "consistent";
      case TOO_LITTLE -> "too little noise";
      case TOO_MUCH -> "too much noise";
    };
  }

  /** Information, never the guarantee: what the cohorts that took part would give. */
  private JsonObject annex(JobPrice price) {
    Map<GaussianRound, Long> mechanisms = new LinkedHashMap<>();
    int colluders = policy.cohort().maxColluding();
    job.rounds().stream()
        .filter(RoundRecord::charged)
        .forEach(r -> {
          JobPrice.Part part = price.partOf(r.step());
          int silos = r.validManifest().orElseThrow().fixed().silos().size();
          mechanisms.merge(
              GaussianRound.withHonest(
                  part.share(), Math.max(1, silos - colluders), part.sampling(), 1),
              1L,
              Long::sum);
        });
    return JsonObject.builder()
        .put("epsilonRealised", Units.decimal(BudgetReport.together(mechanisms, price.delta())))
        .put("means", "with the noise of the cohorts that took part, colluders taken off")
        .build();
  }

  private JsonObject utility() {
    JsonObject.Builder out = JsonObject.builder();
    if (plan.analysis().result(last) instanceof AnalysisResult.Model model
        && model.metrics().isPresent()) {
      Metrics metrics = model.metrics().get();
      return out.put("measured", true)
          .put("accuracy", Units.decimal(metrics.accuracy()))
          .put("auc", Units.decimal(metrics.auc()))
          .put("brier", Units.decimal(metrics.brier()))
          .put("on", "the evaluation patients, opened as one more sum of the job")
          .build();
    }
    return out.put("measured", false).build();
  }
}
