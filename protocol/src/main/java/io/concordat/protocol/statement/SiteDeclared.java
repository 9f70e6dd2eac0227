package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Decimals;
import io.concordat.protocol.policy.SiteLimits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an institution's site overlay says beyond the policy: what its officers decide by hand,
 * which others have to wait for, and what its records are not given to, so that a job's sender can
 * be told before it runs. It holds for jobs submitted after it.
 *
 * <p>The node itself decides by its own file, not by this; a declaration that tells less than the
 * file costs a sender a surprise and no patient anything.
 */
public record SiteDeclared(
    String institution, Approval.Mode jobs, Approval.Mode releases, SiteLimits limits)
    implements Statement {
  private static final long MAX_PARAMETERS = 100_000_000;
  private static final int MAX_ROUNDS = 100_000;

  static SiteDeclared read(JsonObject o) throws DecodeException {
    o.only("institution", "jobs", "releases", "datasets", "analyses");
    return new SiteDeclared(
        o.id("institution"),
        mode(o, "jobs"),
        mode(o, "releases"),
        new SiteLimits(
            o.has("datasets") ? Optional.of(datasets(o)) : Optional.empty(),
            o.has("analyses") ? Optional.of(analyses(o)) : Optional.empty()));
  }

  private static Approval.Mode mode(JsonObject o, String name) throws DecodeException {
    return Approval.Mode.byText(o.string(name))
        .orElseThrow(() -> o.fault(name, "expected automatic or manual"));
  }

  private static Map<String, SiteLimits.Caps> datasets(JsonObject o) throws DecodeException {
    Map<String, SiteLimits.Caps> out = new TreeMap<>();
    for (JsonObject d : o.objects("datasets")) {
      d.only("id", "epsilonCap", "perJobMax", "filters");
      SiteLimits.Caps caps =
          new SiteLimits.Caps(
              decimal(d, "epsilonCap"),
              decimal(d, "perJobMax"),
              d.has("filters") ? Optional.of(distinct(d, "filters")) : Optional.empty());
      if (out.put(d.id("id"), caps) != null) {
        throw d.fault("id", "stands twice");
      }
    }
    return out;
  }

  private static Optional<BigDecimal> decimal(JsonObject o, String name) throws DecodeException {
    if (!o.has(name)) {
      return Optional.empty();
    }
    return Optional.of(
        Decimals.parse(o.string(name))
            .filter(d -> d.signum() > 0)
            .orElseThrow(() -> o.fault(name, "expected a decimal above 0")));
  }

  private static Set<String> distinct(JsonObject o, String name) throws DecodeException {
    List<String> all = o.strings(name);
    Set<String> out = Set.copyOf(all);
    if (out.size() != all.size()) {
      throw o.fault(name, "names one twice");
    }
    return out;
  }

  private static SiteLimits.Grants analyses(JsonObject o) throws DecodeException {
    boolean statistics = false;
    Optional<AnalysisGrant.Train> train = Optional.empty();
    for (JsonObject a : o.objects("analyses")) {
      switch (a.string("kind")) {
        case "statistics" -> {
          a.only("kind");
          statistics = true;
        }
        case "train" -> {
          a.only("kind", "models", "maxParameters", "maxRounds");
          Set<String> models = distinct(a, "models");
          if (models.isEmpty()) {
            throw a.fault("models", "expected at least one");
          }
          train =
              Optional.of(
                  new AnalysisGrant.Train(
                      models,
                      a.integer("maxParameters", 1, MAX_PARAMETERS),
                      a.smallInteger("maxRounds", 1, MAX_ROUNDS)));
        }
        default -> throw a.fault("kind", "expected statistics or train");
      }
    }
    return new SiteLimits.Grants(statistics, train);
  }

  /** What the institution's officers decide by hand. */
  public Approval approval() {
    return new Approval(jobs, releases);
  }

  @Override
  public StatementType type() {
    return StatementType.SITE_DECLARED;
  }

  @Override
  public JsonObject json() {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("institution", institution)
            .put("jobs", jobs.text())
            .put("releases", releases.text());
    limits
        .datasets()
        .ifPresent(d ->
            out.put(
                "datasets",
                d.entrySet().stream().map(e -> json(e.getKey(), e.getValue())).toList()));
    limits.analyses().ifPresent(a -> out.put("analyses", json(a)));
    return out.build();
  }

  private static JsonObject json(String dataset, SiteLimits.Caps caps) {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("id", dataset)
            .putIfPresent("epsilonCap", caps.epsilonCap().map(BigDecimal::toPlainString))
            .putIfPresent("perJobMax", caps.perJobMax().map(BigDecimal::toPlainString));
    caps.filters().ifPresent(f -> out.put("filters", List.copyOf(f)));
    return out.build();
  }

  private static List<JsonObject> json(SiteLimits.Grants grants) {
    List<JsonObject> out = new ArrayList<>();
    if (grants.statistics()) {
      out.add(JsonObject.builder().put("kind", "statistics").build());
    }
    grants
        .train()
        .ifPresent(t ->
            out.add(
                JsonObject.builder()
                    .put("kind", "train")
                    .put("models", t.models().stream().sorted().toList())
                    .put("maxParameters", t.maxParameters())
                    .put("maxRounds", t.maxRounds())
                    .build()));
    return out;
  }
}
