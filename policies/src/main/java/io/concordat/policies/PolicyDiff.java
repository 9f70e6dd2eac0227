package io.concordat.policies;

import io.concordat.crypto.sign.PublicKeys;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Label;
import io.concordat.protocol.policy.Person;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.policy.Template;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What changes between two versions, each change labelled. TIGHTENS is said only of what takes a
 * possibility away and gives none; everything else LOOSENS, a change of keys or of wording too:
 * whoever signs has to look at it.
 */
public final class PolicyDiff {
  /** Which way a change goes. */
  public enum Direction {
    LOOSENS,
    TIGHTENS
  }

  /**
   * One change.
   *
   * @param field its path in the file; items of lists by their id
   * @param from the old value, or empty if there was none
   * @param to the new value, or empty if there is none
   */
  public record Change(Direction direction, String field, String from, String to) {
    @Override
    public String toString() {
      return direction
          + " "
          + field
          + ": "
          + (from.isEmpty() ? "(none)" : from)
          + " -> "
          + (to.isEmpty() ? "(none)" : to);
    }
  }

  private final List<Change> changes = new ArrayList<>();

  private PolicyDiff() {}

  /** The changes from one version to a later one, in the order of the file. */
  public static List<Change> between(Policy from, Policy to) {
    PolicyDiff diff = new PolicyDiff();
    diff.compare(from, to);
    return List.copyOf(diff.changes);
  }

  /**
   * Whether jobs that run under the old version end at their round's boundary: nobody may outrun a
   * restriction or a revocation by having started before it. A mere renewal ends nothing.
   */
  public static boolean endsRunningJobs(Policy from, Policy to) {
    return !from.keyHolders().equals(to.keyHolders())
        || from.institutions().stream().anyMatch(i -> isRevoked(i, to))
        || between(from, to).stream()
            .anyMatch(c -> c.direction() == Direction.TIGHTENS && !c.field().equals("notBefore"));
  }

  private static boolean isRevoked(Institution old, Policy to) {
    return to.institution(old.id())
        .map(now -> !now.nodeKey().equals(old.nodeKey()) || !now.roles().containsAll(old.roles()))
        .orElse(true);
  }

  private void compare(Policy a, Policy b) {
    if (!a.federation().equals(b.federation())) {
      loosens("federation", a.federation(), b.federation());
    }
    numberUpTightens("notBefore", a.notBefore(), b.notBefore());
    numberDownTightens("expires", a.expires(), b.expires());
    institutions(a, b);
    numberUpTightens("policyThreshold", a.policyThreshold(), b.policyThreshold());
    holders(a, b);
    numberDownTightens(
        "encryption.maxCohort", a.encryption().maxCohort(), b.encryption().maxCohort());
    parameters(a.encryption().parameters(), b.encryption().parameters());
    numberUpTightens(
        "cohort.minContributors", a.cohort().minContributors(), b.cohort().minContributors());
    // More colluders allowed for means more noise and larger cohorts, not more permission.
    numberUpTightens("cohort.maxColluding", a.cohort().maxColluding(), b.cohort().maxColluding());
    numberUpTightens(
        "cohort.minPatientsPerSilo",
        a.cohort().minPatientsPerSilo(),
        b.cohort().minPatientsPerSilo());
    if (!a.log().origin().equals(b.log().origin())) {
      loosens("log.origin", a.log().origin(), b.log().origin());
    }
    setSmallerTightens("log.keys", a.log().keys(), b.log().keys());
    setSmallerTightens("log.releaseKey", releaseKey(a), releaseKey(b));
    numberUpTightens("log.witnessQuorum", a.log().witnessQuorum(), b.log().witnessQuorum());
    datasets(a, b);
    grants(a, b);
    setSmallerTightens(
        "templates",
        texts(a.templates(), Template::toString),
        texts(b.templates(), Template::toString));
    approval("approval.jobs", a.approval().jobs(), b.approval().jobs());
    approval("approval.releases", a.approval().releases(), b.approval().releases());
    setSmallerTightens(
        "people", texts(a.people(), Person::toString), texts(b.people(), Person::toString));
    numberDownTightens("limits.uploadBytes", a.limits().uploadBytes(), b.limits().uploadBytes());
    numberDownTightens("limits.jobsPerDay", a.limits().jobsPerDay(), b.limits().jobsPerDay());
  }

  private static List<String> releaseKey(Policy policy) {
    return policy.log().releaseKey().map(PublicKeys::quantumText).stream().toList();
  }

  private void institutions(Policy a, Policy b) {
    for (Institution old : a.institutions()) {
      Optional<Institution> now = b.institution(old.id());
      String field = "institutions." + old.id();
      if (now.isEmpty()) {
        // One voice less among the signers and one silo less in every sum: not a mere restriction.
        loosens(field, old.legalEntity(), "");
        continue;
      }
      if (!old.legalEntity().equals(now.get().legalEntity())) {
        loosens(field + ".legalEntity", old.legalEntity(), now.get().legalEntity());
      }
      setSmallerTightens(
          field + ".policyKeys",
          texts(old.policyKeys(), k -> old.named(k).toString()),
          texts(now.get().policyKeys(), k -> now.get().named(k).toString()));
      String before = old.named(old.nodeKey()).toString();
      String after = now.get().named(now.get().nodeKey()).toString();
      if (!before.equals(after)) {
        loosens(field + ".nodeKey", before, after);
      }
      if (!old.roles().equals(now.get().roles())) {
        loosens(field + ".roles", old.roles().toString(), now.get().roles().toString());
      }
    }
    b.institutions().stream()
        .filter(i -> a.institution(i.id()).isEmpty())
        .forEach(i -> loosens("institutions." + i.id(), "", i.legalEntity()));
  }

  private void holders(Policy a, Policy b) {
    if (!a.keyHolders().members().equals(b.keyHolders().members())) {
      loosens(
          "keyHolders.members",
          a.keyHolders().members().toString(),
          b.keyHolders().members().toString());
    }
    numberUpTightens(
        "keyHolders.threshold", a.keyHolders().threshold(), b.keyHolders().threshold());
    numberUpTightens(
        "keyHolders.maxCorrupt", a.keyHolders().maxCorrupt(), b.keyHolders().maxCorrupt());
  }

  private void parameters(Optional<String> a, Optional<String> b) {
    if (a.equals(b)) {
      return;
    }
    // A named set excludes the others; between two named ones strength is not compared here.
    change(
        a.isEmpty() ? Direction.TIGHTENS : Direction.LOOSENS,
        "encryption.parameters",
        a.orElse(""),
        b.orElse(""));
  }

  private void datasets(Policy a, Policy b) {
    for (Dataset old : a.datasets()) {
      String field = "datasets." + old.id();
      Optional<Dataset> now = b.dataset(old.id());
      if (now.isEmpty()) {
        change(Direction.TIGHTENS, field, old.person(), "");
      } else {
        dataset(field, old, now.get());
      }
    }
    b.datasets().stream()
        .filter(d -> a.dataset(d.id()).isEmpty())
        .forEach(d -> loosens("datasets." + d.id(), "", d.person()));
  }

  private void dataset(String field, Dataset a, Dataset b) {
    if (!a.person().equals(b.person())) {
      // Another unit of privacy starts another budget.
      loosens(field + ".person", a.person(), b.person());
    }
    numberDownTightens(
        field + ".maxPatientsPerSilo", a.maxPatientsPerSilo(), b.maxPatientsPerSilo());
    if (!a.holdout().equals(b.holdout())) {
      loosens(field + ".holdout", shown(a.holdout()), shown(b.holdout()));
    }
    for (Column old : a.columns()) {
      Optional<Column> now = b.column(old.name());
      if (now.isEmpty()) {
        change(Direction.TIGHTENS, field + ".columns." + old.name(), shown(old), "");
      } else if (!old.equals(now.get())) {
        loosens(field + ".columns." + old.name(), shown(old), shown(now.get()));
      }
    }
    b.columns().stream()
        .filter(c -> a.column(c.name()).isEmpty())
        .forEach(c -> loosens(field + ".columns." + c.name(), "", shown(c)));
    // One indicator for each value but the first, features in the job's order: an order is meaning.
    List<String> kept = names(a, b);
    if (!kept.equals(names(b, a))) {
      loosens(field + ".columns", kept.toString(), names(b, a).toString());
    }
    setSmallerTightens(
        field + ".labels", texts(a.labels(), Label::toString), texts(b.labels(), Label::toString));
    privacy(field + ".privacy", a.privacy(), b.privacy());
    setSmallerTightens(field + ".filters", a.filters(), b.filters());
  }

  private static List<String> names(Dataset of, Dataset also) {
    return of.columns().stream().map(Column::name).filter(n -> also.column(n).isPresent()).toList();
  }

  private void privacy(String field, Privacy a, Privacy b) {
    if (a instanceof Privacy.Cap from && b instanceof Privacy.Cap to) {
      numberDownTightens(field + ".epsilonCap", from.epsilonCap(), to.epsilonCap());
      numberDownTightens(field + ".delta", from.delta(), to.delta());
      numberDownTightens(field + ".perJobMax", from.perJobMax(), to.perJobMax());
      if (from.attestation() != to.attestation()) {
        change(
            to.attestation() == Privacy.Attestation.REQUIRED
                ? Direction.TIGHTENS
                : Direction.LOOSENS,
            field + ".attestation",
            from.attestation().text(),
            to.attestation().text());
      }
    } else if (a instanceof Privacy.None != b instanceof Privacy.None) {
      change(
          b instanceof Privacy.Cap ? Direction.TIGHTENS : Direction.LOOSENS,
          field,
          shown(a),
          shown(b));
    }
  }

  private void grants(Policy a, Policy b) {
    grant("analyses.statistics", a.statisticsGrant(), b.statisticsGrant());
    if (a.statisticsGrant().isPresent() && b.statisticsGrant().isPresent()) {
      AnalysisGrant.Statistics from = a.statisticsGrant().get();
      AnalysisGrant.Statistics to = b.statisticsGrant().get();
      numberUpTightens("analyses.statistics.minCellCount", from.minCellCount(), to.minCellCount());
    }
    grant("analyses.train", a.trainGrant(), b.trainGrant());
    if (a.trainGrant().isPresent() && b.trainGrant().isPresent()) {
      AnalysisGrant.Train from = a.trainGrant().get();
      AnalysisGrant.Train to = b.trainGrant().get();
      setSmallerTightens(
          "analyses.train.models",
          from.models().stream().sorted().toList(),
          to.models().stream().sorted().toList());
      numberDownTightens("analyses.train.maxParameters", from.maxParameters(), to.maxParameters());
      numberDownTightens("analyses.train.maxRounds", from.maxRounds(), to.maxRounds());
    }
  }

  private void grant(String field, Optional<?> a, Optional<?> b) {
    if (a.isPresent() != b.isPresent()) {
      change(
          a.isPresent() ? Direction.TIGHTENS : Direction.LOOSENS,
          field,
          a.isPresent() ? "granted" : "",
          b.isPresent() ? "granted" : "");
    }
  }

  private void approval(String field, Approval.Mode a, Approval.Mode b) {
    if (a != b) {
      change(
          b == Approval.Mode.MANUAL ? Direction.TIGHTENS : Direction.LOOSENS,
          field,
          a.text(),
          b.text());
    }
  }

  private <T extends Comparable<T>> void numberUpTightens(String field, T a, T b) {
    if (a.compareTo(b) != 0) {
      Direction direction = b.compareTo(a) > 0 ? Direction.TIGHTENS : Direction.LOOSENS;
      change(direction, field, a.toString(), b.toString());
    }
  }

  private <T extends Comparable<T>> void numberDownTightens(String field, T a, T b) {
    if (a.compareTo(b) != 0) {
      Direction direction = b.compareTo(a) < 0 ? Direction.TIGHTENS : Direction.LOOSENS;
      change(direction, field, a.toString(), b.toString());
    }
  }

  /** Lists of permissions: each that goes tightens, each that comes loosens. */
  private void setSmallerTightens(String field, List<String> a, List<String> b) {
    Set<String> gone = new LinkedHashSet<>(a);
    b.forEach(gone::remove);
    gone.forEach(value -> change(Direction.TIGHTENS, field, value, ""));
    Set<String> come = new LinkedHashSet<>(b);
    a.forEach(come::remove);
    come.forEach(value -> loosens(field, "", value));
  }

  private static <T> List<String> texts(Collection<T> values, Function<? super T, String> text) {
    return values.stream().map(v -> text.apply(v)).toList();
  }

  private static String shown(Holdout holdout) {
    return switch (holdout) {
      case Holdout.None() -> "";
      case Holdout.Fraction(BigDecimal fraction) -> fraction.toPlainString();
      case Holdout.ByColumn(String column, List<String> values) -> column + " in " + values;
    };
  }

  private static String shown(Privacy privacy) {
    return switch (privacy) {
      case Privacy.None() -> "none";
      case Privacy.Cap cap ->
          "cap " + cap.epsilonCap() + " at " + cap.delta() + ", a job " + cap.perJobMax();
    };
  }

  private static String shown(Column column) {
    return switch (column) {
      case Column.Number n ->
          "number "
              + n.min()
              + " to "
              + n.max()
              + ", center "
              + n.center()
              + ", scale "
              + n.scale()
              + (n.unit().isEmpty() ? "" : ", " + n.unit())
              + ", missing "
              + n.missing().text();
      case Column.Category c -> "category " + c.values() + ", missing " + c.missing().text();
      case Column.Identifier i -> "identifier";
    };
  }

  private void loosens(String field, String from, String to) {
    change(Direction.LOOSENS, field, from, to);
  }

  private void change(Direction direction, String field, String from, String to) {
    changes.add(new Change(direction, field, from, to));
  }
}
