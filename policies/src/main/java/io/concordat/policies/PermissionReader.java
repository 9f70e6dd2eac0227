package io.concordat.policies;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Limits;
import io.concordat.protocol.policy.Person;
import io.concordat.protocol.policy.Template;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.yaml.YamlFields;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The part of a policy that says what a job may be, who decides, and who may ask. */
final class PermissionReader {
  private PermissionReader() {}

  private enum GrantKind {
    STATISTICS,
    TRAIN;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private enum ModelKind {
    LOGISTIC,
    MLP,
    GRAPH;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static List<AnalysisGrant> analyses(YamlFields f) {
    List<AnalysisGrant> out = new ArrayList<>();
    Set<GrantKind> seen = EnumSet.noneOf(GrantKind.class);
    for (YamlFields a : f.groups("analyses")) {
      GrantKind kind = a.choice("kind", GrantKind.class, GrantKind::text);
      switch (kind) {
        case STATISTICS -> {
          int minCellCount = a.smallInteger("minCellCount", 1, 1_000_000);
          a.end();
          if (a.clean()) {
            out.add(new AnalysisGrant.Statistics(minCellCount));
          }
        }
        case TRAIN -> {
          List<ModelKind> models = a.choices("models", ModelKind.class, ModelKind::text);
          long maxParameters = a.integer("maxParameters", 1, 100_000_000);
          int maxRounds = a.smallInteger("maxRounds", 1, 100_000);
          a.end();
          if (a.clean()) {
            out.add(
                new AnalysisGrant.Train(
                    Set.copyOf(models.stream().map(ModelKind::text).toList()),
                    maxParameters,
                    maxRounds));
          }
        }
      }
      if (!seen.add(kind) && a.clean()) {
        a.refuse("kind", Code.POLICY_DUPLICATE, kind.text() + " is granted twice");
      }
    }
    return out;
  }

  static List<Template> templates(YamlFields f) {
    List<Template> out = new ArrayList<>();
    Set<Digest> seen = new HashSet<>();
    for (YamlFields t : f.groups("templates")) {
      Digest digest = t.digest("sha256");
      String name = t.string("name");
      t.end();
      if (!seen.add(digest) && t.clean()) {
        t.refuse("sha256", Code.POLICY_DUPLICATE, "this template stands twice");
      }
      if (t.clean()) {
        out.add(new Template(digest, name));
      }
    }
    return out;
  }

  static Approval approval(YamlFields f) {
    Approval.Mode jobs = f.choice("jobs", Approval.Mode.class, Approval.Mode::text);
    Approval.Mode releases = f.choice("releases", Approval.Mode.class, Approval.Mode::text);
    f.end();
    return new Approval(jobs, releases);
  }

  static List<Person> people(YamlFields f) {
    List<Person> out = new ArrayList<>();
    for (YamlFields p : f.groups("people")) {
      Person.PersonRole role = p.choice("role", Person.PersonRole.class, Person.PersonRole::text);
      String issuer = p.string("issuer");
      String group = p.string("group");
      p.end();
      if (!issuer.matches("https://[A-Za-z0-9.:/_~-]+") && p.clean()) {
        p.fault("issuer", "expected an https address");
      }
      if (p.clean()) {
        out.add(new Person(role, issuer, group));
      }
    }
    return out;
  }

  static Optional<Limits> limits(YamlFields f) {
    long uploadBytes = f.integer("uploadBytes", 1024, 1L << 40);
    int jobsPerDay = f.smallInteger("jobsPerDay", 1, 1_000_000);
    f.end();
    return f.clean() ? Optional.of(new Limits(uploadBytes, jobsPerDay)) : Optional.empty();
  }
}
