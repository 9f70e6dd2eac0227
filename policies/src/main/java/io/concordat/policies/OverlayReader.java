package io.concordat.policies;

import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.StrictYaml;
import io.concordat.protocol.yaml.YamlFields;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads site/1 files: a subset of the policy's language, each figure held against the policy. */
final class OverlayReader {
  private enum GrantKind {
    STATISTICS,
    TRAIN;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private enum ModelKind {
    LOGISTIC,
    MLP;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final Policy policy;

  private OverlayReader(Policy policy) {
    this.policy = policy;
  }

  static Outcome<SiteOverlay> read(String file, byte[] bytes, Policy policy) {
    return StrictYaml.read(file, bytes)
        .then(root -> {
          Findings findings = new Findings(file);
          SiteOverlay overlay = new OverlayReader(policy).overlay(YamlFields.of(root, findings));
          return findings.none() ? Outcome.accepted(overlay) : Outcome.refused(findings.refusals());
        });
  }

  private SiteOverlay overlay(YamlFields f) {
    f.constant("schema", "site/1");
    String federation = f.id("federation");
    if (f.clean() && !federation.equals(policy.federation())) {
      f.refuse("federation", Code.POLICY_FEDERATION, "expected " + policy.federation());
    }
    String institution = f.id("institution");
    if (f.clean() && policy.institution(institution).isEmpty()) {
      f.refuse("institution", Code.POLICY_REFERENCE, institution + " is not in the policy");
    }
    Optional<Map<String, SiteLimits.Caps>> datasets =
        f.has("datasets") ? Optional.of(datasets(f)) : Optional.empty();
    Optional<SiteLimits.Grants> analyses =
        f.has("analyses") ? Optional.of(analyses(f)) : Optional.empty();
    Approval approval = f.optionalGroup("approval").map(this::approval).orElse(Approval.AUTOMATIC);
    f.end();
    return new SiteOverlay(institution, new SiteLimits(datasets, analyses), approval);
  }

  private Map<String, SiteLimits.Caps> datasets(YamlFields f) {
    Map<String, SiteLimits.Caps> out = new TreeMap<>();
    for (YamlFields d : f.groups("datasets")) {
      String id = d.id("id");
      Optional<Dataset> known = policy.dataset(id);
      if (d.clean() && known.isEmpty()) {
        d.refuse("id", Code.POLICY_OVERLAY, "the policy has no dataset " + id);
      }
      Optional<YamlFields> privacy = d.optionalGroup("privacy");
      Optional<BigDecimal> cap = Optional.empty();
      Optional<BigDecimal> perJob = Optional.empty();
      if (privacy.isPresent() && known.isPresent()) {
        cap = figure(privacy.get(), "epsilonCap", known.get());
        perJob = figure(privacy.get(), "perJobMax", known.get());
        privacy.get().end();
      }
      Optional<Set<String>> filters =
          d.has("filters") ? Optional.of(filters(d, known)) : Optional.empty();
      d.end();
      if (out.put(id, new SiteLimits.Caps(cap, perJob, filters)) != null && d.clean()) {
        d.refuse("id", Code.POLICY_DUPLICATE, id + " stands twice");
      }
    }
    return out;
  }

  private static Optional<BigDecimal> figure(YamlFields p, String name, Dataset dataset) {
    if (!p.has(name)) {
      return Optional.empty();
    }
    BigDecimal own = p.decimal(name, "0.001", "1000");
    if (!p.clean()) {
      return Optional.empty();
    }
    if (dataset.cap().isEmpty()) {
      p.refuse(name, Code.POLICY_OVERLAY, "the policy opens exact sums of " + dataset.id());
      return Optional.empty();
    }
    Privacy.Cap cap = dataset.cap().get();
    BigDecimal most = name.equals("epsilonCap") ? cap.epsilonCap() : cap.perJobMax();
    if (own.compareTo(most) > 0) {
      p.refuse(
          name, Code.POLICY_OVERLAY, "loosens: " + own + ", the policy allows at most " + most);
    } else if (name.equals("epsilonCap") && SiteLimits.units(cap, own) <= 0) {
      p.refuse(
          name,
          Code.POLICY_OVERLAY,
          own + " is too small to be counted at the order of the policy's cap of " + most);
    }
    return Optional.of(own);
  }

  private static Set<String> filters(YamlFields d, Optional<Dataset> known) {
    Set<String> own = new HashSet<>();
    for (YamlFields c : d.groups("filters")) {
      String filter = c.columnName("column");
      c.end();
      if (c.clean() && known.isPresent() && !known.get().filters().contains(filter)) {
        c.refuse("column", Code.POLICY_OVERLAY, "loosens: the policy has no filter " + filter);
      }
      own.add(filter);
    }
    return own;
  }

  private SiteLimits.Grants analyses(YamlFields f) {
    boolean statistics = false;
    Optional<AnalysisGrant.Train> train = Optional.empty();
    for (YamlFields a : f.groups("analyses")) {
      switch (a.choice("kind", GrantKind.class, GrantKind::text)) {
        case STATISTICS -> {
          a.end();
          if (a.clean() && policy.statisticsGrant().isEmpty()) {
            a.refuse("kind", Code.POLICY_OVERLAY, "loosens: the policy grants no statistics");
          }
          statistics = true;
        }
        case TRAIN -> train = train(a);
      }
    }
    return new SiteLimits.Grants(statistics, train);
  }

  private Optional<AnalysisGrant.Train> train(YamlFields a) {
    List<String> models =
        a.choices("models", ModelKind.class, ModelKind::text).stream()
            .map(ModelKind::text)
            .toList();
    long maxParameters = a.integer("maxParameters", 1, 100_000_000);
    int maxRounds = a.smallInteger("maxRounds", 1, 100_000);
    a.end();
    if (!a.clean()) {
      return Optional.empty();
    }
    Optional<AnalysisGrant.Train> granted = policy.trainGrant();
    if (granted.isEmpty()) {
      a.refuse("kind", Code.POLICY_OVERLAY, "loosens: the policy grants no training");
      return Optional.empty();
    }
    if (!granted.get().models().containsAll(models)) {
      a.refuse("models", Code.POLICY_OVERLAY, "loosens: allowed are " + granted.get().models());
    }
    atMost(a, "maxParameters", maxParameters, granted.get().maxParameters());
    atMost(a, "maxRounds", maxRounds, granted.get().maxRounds());
    return Optional.of(new AnalysisGrant.Train(Set.copyOf(models), maxParameters, maxRounds));
  }

  private static void atMost(YamlFields a, String name, long own, long most) {
    if (own > most) {
      a.refuse(
          name, Code.POLICY_OVERLAY, "loosens: " + own + ", the policy allows at most " + most);
    }
  }

  private Approval approval(YamlFields g) {
    Approval.Mode jobs = g.choice("jobs", Approval.Mode.class, Approval.Mode::text);
    Approval.Mode releases = g.choice("releases", Approval.Mode.class, Approval.Mode::text);
    g.end();
    if (g.clean()) {
      manual(g, "jobs", jobs, policy.approval().jobs());
      manual(g, "releases", releases, policy.approval().releases());
    }
    return new Approval(jobs, releases);
  }

  private static void manual(YamlFields g, String name, Approval.Mode own, Approval.Mode asked) {
    if (asked == Approval.Mode.MANUAL && own == Approval.Mode.AUTOMATIC) {
      g.refuse(name, Code.POLICY_OVERLAY, "loosens: the policy asks for manual");
    }
  }
}
