package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.privacy.evidence.NoiseAttestation;
import io.concordat.privacy.evidence.NoiseRepetition;
import io.concordat.protocol.analysis.AttestedAnalysis;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.claims.ClaimSheet;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is claimed about a result's privacy, member by member against the sheet that log, job file,
 * policy and the final state give here; and the noise that was opened against the noise promised.
 */
final class ClaimStage {
  static final String NOISE = "the noise in the opened sums is as large as promised";
  static final String FRESH = "no round's noise comes back in another";
  static final String PRIVACY = "the claim sheet's privacy figures follow from the log";
  static final String SECOND = "another computation agrees with the claim sheet's key numbers";
  static final String BUDGET = "the claim sheet's budget figures follow from the log";
  static final String REST = "the claim sheet's other statements follow from the log";

  private static final int MAX_SHEET_BYTES = 16 << 20;
  private static final Set<String> PRIVACY_MEMBERS =
      Set.of("privacy", "noise", "attestation", "audit", "annex");

  private ClaimStage() {}

  static void run(
      PackFiles pack, JobRecord job, Policy policy, StateTrail trail, List<Check> checks)
      throws IOException {
    if (!trail.lost()) {
      noise(job, trail, checks);
    }
    if (job.published().isEmpty()) {
      return;
    }
    String prefix = JobStage.name(job) + ": ";
    Tally privacy = new Tally(prefix + PRIVACY);
    Tally budget = new Tally(prefix + BUDGET);
    Tally rest = new Tally(prefix + REST);
    String path = PackLayout.claims(job.digest());
    try {
      Optional<byte[]> file = pack.read(path, MAX_SHEET_BYTES);
      if (file.isEmpty()) {
        List.of(privacy, budget, rest).forEach(t -> t.fault("claims", "not in the pack: " + path));
      } else if (trail.lost()) {
        List.of(privacy, budget, rest).forEach(t -> trail.mark(t, path));
      } else {
        Map<?, ?> found = PlainJson.readObject(file.get());
        Map<?, ?> wanted = PlainJson.readObject(wanted(job, policy, trail.state()).bytes());
        compare(path, only(wanted, true), only(found, true), privacy);
        compare(path, budgetOf(wanted), budgetOf(found), budget);
        compare(path, only(wanted, false), only(found, false), rest);
        if (job.terms().noised()) {
          // On the sheet made here: what the file says instead, the checks above name.
          Tally second = new Tally(prefix + SECOND);
          checks.add(second.check(SecondOpinion.check(job, policy, wanted, second)));
        }
      }
    } catch (DecodeException | IllegalArgumentException e) {
      List.of(privacy, budget, rest).forEach(t -> t.fault(path, String.valueOf(e.getMessage())));
    }
    checks.add(privacy.check(path + ": epsilons, noise and parts computed again"));
    checks.add(budget.check(path + ": rho before, of and after the job computed again"));
    checks.add(rest.check(path + ": every other member compared"));
  }

  private static Map<String, Object> only(Map<?, ?> sheet, boolean privacy) {
    Map<String, Object> out = new TreeMap<>();
    sheet.forEach((name, value) -> {
      String member = String.valueOf(name);
      if (!member.equals("budget") && PRIVACY_MEMBERS.contains(member) == privacy) {
        out.put(member, value);
      }
    });
    return out;
  }

  private static Map<String, Object> budgetOf(Map<?, ?> sheet) {
    Map<String, Object> out = new TreeMap<>();
    Object budget = sheet.get("budget");
    if (budget != null) {
      out.put("budget", budget);
    }
    return out;
  }

  private static void compare(
      String path, Map<String, Object> wanted, Map<String, Object> found, Tally tally) {
    ReleaseStage.difference("", wanted, found)
        .ifPresentOrElse(what -> tally.fault(path, what), tally::agree);
  }

  private static JsonObject wanted(JobRecord job, Policy policy, byte[] last)
      throws DecodeException {
    Outcome<JobPlan> plan =
        JobReader.read("job", job.submitted().fileBytes()).then(spec -> JobPlan.of(spec, policy));
    if (!(plan instanceof Outcome.Accepted<JobPlan>(JobPlan accepted))) {
      throw new DecodeException("the job has no plan: " + plan.refusals());
    }
    return ClaimSheet.of(job, accepted, policy, PublicState.fromBytes(last));
  }

  private static void noise(JobRecord job, StateTrail trail, List<Check> checks) {
    NoiseAttestation measured;
    NoiseRepetition repetition;
    int rounds;
    try {
      PublicState last = PublicState.fromBytes(trail.state());
      rounds = AttestedAnalysis.rounds(last).size();
      measured = AttestedAnalysis.together(last);
      repetition = AttestedAnalysis.repetition(last);
    } catch (DecodeException e) {
      return;
    }
    if (rounds == 0) {
      return;
    }
    Tally tally = new Tally(JobStage.name(job) + ": " + NOISE);
    String found =
        "%.4f of the promised variance over %d rounds of %d coordinates, significance %.3g"
            .formatted(
                measured.ratio(), rounds, NoiseAttestation.COORDINATES, measured.significance());
    switch (measured.verdict()) {
      case CONSISTENT -> tally.agree();
      case TOO_LITTLE -> tally.fault("too little noise", found);
      case TOO_MUCH -> tally.fault("too much noise", found);
    }
    checks.add(tally.check(found));
    if (rounds > 1) {
      fresh(job, repetition, trail.noise(), checks);
    }
  }

  private static void fresh(
      JobRecord job, NoiseRepetition rounds, NoisePairs pairs, List<Check> checks) {
    Tally tally = new Tally(JobStage.name(job) + ": " + FRESH);
    String found =
        ("rounds beside those before: at most %.2f, together %.2f deviations (limit %.2f);"
                + " %d pairs: at most %.2f (limit %.2f)")
            .formatted(
                rounds.largest(),
                rounds.together(),
                rounds.limit(),
                pairs.pairs(),
                pairs.largest(),
                NoiseRepetition.limit(Math.max(1, pairs.pairs())));
    if (rounds.repeated() || pairs.repeated()) {
      tally.fault("noise came back", found);
    } else {
      tally.agree();
    }
    checks.add(tally.check(found));
  }
}
