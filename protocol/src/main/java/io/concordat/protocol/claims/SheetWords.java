package io.concordat.protocol.claims;

import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The parts of a claim sheet that are words: they depend on what kind of job it was alone. */
final class SheetWords {
  private SheetWords() {}

  static List<String> openly(JobPlan plan) {
    List<String> out = new ArrayList<>();
    out.add("the job file, the policy, how many persons each silo declared");
    out.add("who took part in which round, when, and how long each message was");
    out.add(
        plan.price().isPresent()
            ? "every opened sum, with its noise, and every state computed from it"
            : "every opened sum and every state computed from it, to members and auditors");
    return out;
  }

  static List<String> assumptions(JobPlan plan) {
    List<String> out = new ArrayList<>();
    if (plan.price().isPresent()) {
      out.add("a person's rows lie at one silo; with k silos epsilon grows at least k-fold");
      out.add(
          "of the silos in a cohort at most the policy's number of colluders leave their noise out"
              + " or know it; epsilonOwnShare is what holds if all the others do");
      out.add("silos run this code: another one could add a vector of its choice");
      out.add("the policy's bounds, centers and scales were not computed from these records");
      out.add("the coins of a sampling rate below 1 and the noise stay secret at the silo");
    } else {
      out.add("nothing is assumed for privacy, because no bound is claimed");
    }
    out.add(
        "fewer key holders than the policy's threshold collude, else single sums of silos open");
    return out;
  }

  static List<String> sideOutputs(JobPlan plan) {
    List<String> out = new ArrayList<>();
    out.add("each silo tells its own institution losses, scores and misfits of its own records");
    out.add("whether a silo contributed, and when");
    if (plan.price().isPresent()) {
      out.add("numbers of persons, declared by the institution, without noise");
    }
    return out;
  }

  static List<String> notPromised(JobPlan plan) {
    List<String> out = new ArrayList<>();
    if (plan.price().isEmpty()) {
      out.add("any bound on what the opened sums tell about one person");
    }
    out.add(
        "that statistical conclusions about groups, true for persons who took part or not, stay unknown");
    out.add("that the records are right, or that a silo with altered code has not bent the result");
    out.add("privacy of an institution as a whole: the unit is a person");
    out.add("a lower bound from any test is never a guarantee");
    return out;
  }

  static JsonObject implementation() {
    return JsonObject.builder()
        .put(
            "floatingPoint",
            "gradients and scores are doubles; clip, noise and sums are integers, and the norm is"
                + " checked in integers")
        .put(
            "randomness",
            "AES-256-CTR from a seed bound to round, records and node secret; a new one each round,"
                + " never stored")
        .put(
            "sideChannels",
            "noise is drawn before records are read, every person is worked on whether or not it"
                + " takes part; the sampler's time depends on the noise, and the work of a silo on"
                + " how many records it has")
        .put("whoChoosesJobs", "submitters whom an institution endorsed, within the signed policy")
        .build();
  }
}
