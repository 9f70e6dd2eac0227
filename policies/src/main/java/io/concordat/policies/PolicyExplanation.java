package io.concordat.policies;

import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.KeyHolders;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.policy.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a policy permits, in sentences for people who sign it. Every figure of the file that decides
 * something stands in one of them.
 */
public final class PolicyExplanation {
  /**
   * Sentences about one question.
   *
   * @param title the question
   */
  public record Section(String title, List<String> sentences) {
    public Section {
      sentences = List.copyOf(sentences);
    }
  }

  private final Policy policy;

  private PolicyExplanation(Policy policy) {
    this.policy = policy;
  }

  /** The whole page. */
  public static List<Section> of(Policy policy) {
    PolicyExplanation page = new PolicyExplanation(policy);
    List<Section> out = new ArrayList<>();
    out.add(new Section("What this is", page.what()));
    out.add(new Section("Who takes part", page.who()));
    out.add(new Section("Who can open a result", page.opening()));
    out.add(new Section("How small a sum may be", page.cohorts()));
    for (Dataset dataset : policy.datasets()) {
      out.add(new Section("Dataset " + dataset.id(), page.dataset(dataset)));
    }
    out.add(new Section("What a job may be", page.analyses()));
    out.add(new Section("Who decides by hand", page.approvals()));
    out.add(new Section("Who keeps watch", page.log()));
    out.add(new Section("How it changes and how it stops", page.changes()));
    return List.copyOf(out);
  }

  private List<String> what() {
    return List.of(
        "Federation "
            + policy.federation()
            + ", version "
            + policy.version()
            + " of its agreement, "
            + policy.digest()
            + ".",
        "It holds from "
            + policy.notBefore()
            + " until "
            + policy.expires()
            + "; outside of that nothing is computed.",
        policy
            .previous()
            .map(p -> "It replaces the file with digest " + p + ".")
            .orElse("It is the first version and replaces none."));
  }

  private List<String> who() {
    List<String> out = new ArrayList<>();
    for (Institution i : policy.institutions()) {
      String roles =
          i.roles().stream()
              .map(role ->
                  switch (role) {
                    case SILO -> "has records";
                    case HOLDER -> "holds a share of every key";
                    case WITNESS -> "watches the log";
                  })
              .collect(Collectors.joining(", "));
      out.add(
          i.id()
              + " ("
              + i.legalEntity()
              + ") "
              + roles
              + (i.policyKeys().size() == 1
                  ? "; its policy key signs for it"
                  : "; any of its "
                      + i.policyKeys().size()
                      + " policy keys signs for it, and counts once")
              + (i.quantum().keySet().containsAll(i.policyKeys())
                  ? "; it needs an Ed25519 and an ML-DSA-65 signature."
                  : "."));
    }
    if (policy.people().isEmpty()) {
      out.add("People sign in with tokens that the aggregator's operator makes.");
    }
    policy
        .people()
        .forEach(p ->
            out.add(
                "Members of group "
                    + p.group()
                    + " at "
                    + p.issuer()
                    + " are "
                    + p.role().text()
                    + "s."));
    return out;
  }

  private List<String> opening() {
    KeyHolders h = policy.keyHolders();
    int stop = h.count() - h.threshold() + 1;
    return List.of(
        "Any "
            + h.threshold()
            + " of these "
            + h.count()
            + " key holders open a sum together: "
            + String.join(", ", h.members())
            + ".",
        (h.threshold() == 2
                ? "One of them alone learns"
                : (h.threshold() - 1) + " of them together learn")
            + " nothing but what was opened.",
        "No round is ever opened for two cohorts as long as at most "
            + h.maxCorrupt()
            + " of them break the rules.",
        (stop == 1 ? "One holder that refuses stops" : stop + " holders that refuse stop")
            + " every opening.",
        "The aggregator holds no share and can open nothing.");
  }

  private List<String> cohorts() {
    return List.of(
        "Every sum is over at least "
            + policy.cohort().minContributors()
            + " and at most "
            + policy.encryption().maxCohort()
            + " silos.",
        "The protection of each silo assumes that at most "
            + policy.cohort().maxColluding()
            + " of the others pool what they know.",
        "A silo takes part with at least " + policy.cohort().minPatientsPerSilo() + " persons.",
        policy
            .encryption()
            .parameters()
            .map(p -> "Ciphertexts use the parameter set " + p + ".")
            .orElse("The encryption's parameter set follows from the layout."));
  }

  private List<String> dataset(Dataset d) {
    List<String> out = new ArrayList<>();
    out.add(
        (d.everyRowIsOnePerson()
                ? "Every row is one person"
                : "Rows with the same " + d.person() + " are one person")
            + "; a silo may have at most "
            + d.maxPatientsPerSilo()
            + " of them.");
    out.add(
        "Its columns are "
            + d.columns().stream().map(PolicyExplanation::column).collect(Collectors.joining(", "))
            + ".");
    d.labels()
        .forEach(l ->
            out.add(
                "A model may predict "
                    + l.name()
                    + ": "
                    + l.column()
                    + " is "
                    + String.join(" or ", l.positive())
                    + "."));
    out.add(
        switch (d.holdout()) {
          case Holdout.None() -> "No person is kept for evaluation.";
          case Holdout.Fraction(var fraction) ->
              "A fraction of " + fraction + " of the persons is kept for evaluation.";
          case Holdout.ByColumn(String column, List<String> values) ->
              "Rows whose "
                  + column
                  + " is "
                  + String.join(" or ", values)
                  + " are kept for evaluation.";
        });
    out.add(
        switch (d.privacy()) {
          case Privacy.None() ->
              "Exact sums are opened: what is learnt about one person is not bounded. At most two"
                  + " cohorts of this dataset are ever opened, and those differ in at least "
                  + (policy.cohort().maxColluding() + 2)
                  + " silos.";
          case Privacy.Cap cap ->
              "All jobs together, for ever, spend at most epsilon "
                  + cap.epsilonCap().toPlainString()
                  + " at delta "
                  + cap.delta()
                  + " on one person, and one job at most "
                  + cap.perJobMax().toPlainString()
                  + "; all sums are noised. "
                  + switch (cap.attestation()) {
                    case REQUIRED ->
                        "The noise of every round of every job is measured in the open.";
                    case JOB -> "Each job decides whether its noise is measured.";
                  };
        });
    out.add(
        d.filters().isEmpty()
            ? "A job may not select records."
            : "A job may select records by " + String.join(", ", d.filters()) + " only.");
    return out;
  }

  private static String column(Column column) {
    return switch (column) {
      case Column.Identifier c -> c.name() + " (identifier, never leaves the silo)";
      case Column.Category c -> c.name() + " (" + c.values().size() + " values)";
      case Column.Number c -> c.name() + " (" + c.min() + " to " + c.max() + ")";
    };
  }

  private List<String> analyses() {
    List<String> out = new ArrayList<>();
    for (AnalysisGrant grant : policy.analyses()) {
      out.add(
          switch (grant) {
            case AnalysisGrant.Train t ->
                "Training of "
                    + String.join(", ", new TreeSet<>(t.models()))
                    + " models with at most "
                    + t.maxParameters()
                    + " parameters, in at most "
                    + t.maxRounds()
                    + " openings.";
            case AnalysisGrant.Statistics s ->
                "Statistics, in which a silo leaves out counts below " + s.minCellCount() + ".";
          });
    }
    out.add("Anything else is refused by every silo.");
    policy
        .templates()
        .forEach(t ->
            out.add(
                "The model graph "
                    + t.name()
                    + " ("
                    + t.digest()
                    + ") is named; two institutions have to have reviewed it, and this release"
                    + " runs no uploaded graph."));
    out.add(
        "A submitter starts at most "
            + policy.limits().jobsPerDay()
            + " jobs a day; a contribution has at most "
            + policy.limits().uploadBytes()
            + " bytes.");
    return out;
  }

  private List<String> approvals() {
    Approval a = policy.approval();
    List<String> out = new ArrayList<>();
    out.add(
        a.jobs() == Approval.Mode.MANUAL
            ? "A job runs when an officer of every silo has decided; silos that say no stay out."
            : "A job that the policy allows runs without a decision by hand.");
    out.add(
        a.releases() == Approval.Mode.MANUAL
            ? "Before a job's last opening an officer of every silo taking part decides about its"
                + " result; one no ends the job unopened."
            : "A result is released without a decision by hand.");
    out.add("An institution may ask for more on its own node, and never for less.");
    return out;
  }

  private List<String> log() {
    return List.of(
        "Everything stands in the log "
            + policy.log().origin()
            + "; nothing is acted on before "
            + policy.log().witnessQuorum()
            + " of its "
            + policy.withRole(Role.WITNESS).size()
            + " witnesses have cosigned it.");
  }

  private List<String> changes() {
    int n = policy.institutions().size();
    return List.of(
        "The next version needs the signatures of "
            + policy.policyThreshold()
            + " of "
            + n
            + " institutions of this version, and of its own threshold.",
        "Any one institution freezes everything at once; a thaw needs "
            + policy.policyThreshold()
            + " institutions.",
        "Running jobs end at their round's boundary when a version tightens, revokes or changes the"
            + " holders, and when the federation is frozen.");
  }
}
