package io.concordat.policies;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.NoteKey;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Cohort;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Encryption;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.KeyHolders;
import io.concordat.protocol.policy.Limits;
import io.concordat.protocol.policy.LogTerms;
import io.concordat.protocol.policy.Person;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Role;
import io.concordat.protocol.policy.Template;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.StrictYaml;
import io.concordat.protocol.yaml.YamlFields;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads policy/1 files. Form first (every field, its kind and bounds), then meaning (what the
 * fields say together); both report all they find.
 */
public final class PolicyReader {
  /** Longest time between notBefore and expires. */
  public static final int MAX_MONTHS = 13;

  private final Findings findings;

  private PolicyReader(Findings findings) {
    this.findings = findings;
  }

  /**
   * Reads a policy without asking whether it is in force or signed.
   *
   * @param file its name in errors
   * @param bytes the file as it was or will be signed
   */
  public static Outcome<Policy> read(String file, byte[] bytes) {
    return read(file, bytes, Optional.empty());
  }

  /** {@link #read(String, byte[])}, and refuses what is not in force at {@code now}. */
  public static Outcome<Policy> readInForce(String file, byte[] bytes, Instant now) {
    return read(file, bytes, Optional.of(now));
  }

  private static Outcome<Policy> read(String file, byte[] bytes, Optional<Instant> now) {
    return StrictYaml.read(file, bytes)
        .then(root -> {
          Findings findings = new Findings(file);
          YamlFields f = YamlFields.of(root, findings);
          Optional<Policy> policy = new PolicyReader(findings).policy(f, bytes);
          if (policy.isEmpty()) {
            return Outcome.refused(findings.refusals());
          }
          Optional<Refusal> refusal = now.flatMap(n -> inForce(policy.get(), n));
          return refusal
              .<Outcome<Policy>>map(r ->
                  Outcome.refused(
                      r.locatedAt(
                          f.where(r.code() == Code.POLICY_EXPIRED ? "expires" : "notBefore"))))
              .orElseGet(() -> Outcome.accepted(policy.get()));
        });
  }

  /** Why a policy is not in force at an instant, or empty. */
  public static Optional<Refusal> inForce(Policy policy, Instant now) {
    if (now.isBefore(policy.notBefore())) {
      return Optional.of(
          Refusal.of(Code.POLICY_NOT_YET, "begins " + policy.notBefore() + ", it is " + now));
    }
    if (!now.isBefore(policy.expires())) {
      return Optional.of(
          Refusal.of(Code.POLICY_EXPIRED, "ended " + policy.expires() + ", it is " + now));
    }
    return Optional.empty();
  }

  /**
   * The records hold the same rules without line numbers: what slips past the reader stops there.
   */
  private Optional<Policy> policyOrFinding(YamlFields f, byte[] bytes) {
    try {
      return policy(f, bytes);
    } catch (IllegalArgumentException e) {
      findings.add(
          new Where(findings.file(), 1, 1, ""), Code.FILE_FIELD, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Policy> policy(YamlFields f, byte[] bytes) {
    f.constant("schema", "policy/1");
    String federation = f.id("federation");
    int version = f.smallInteger("version", 1, 1_000_000);
    Optional<Digest> previous = previous(f, version);
    Instant notBefore = f.instant("notBefore");
    Instant expires = f.instant("expires");
    boolean datesRead = f.clean();
    List<Institution> institutions = institutions(f);
    int policyThreshold = f.smallInteger("policyThreshold", 1, 1000);
    Optional<KeyHolders> keyHolders = keyHolders(f.group("keyHolders"));
    Optional<Encryption> encryption = encryption(f.group("encryption"));
    Optional<Cohort> cohort = cohort(f.group("cohort"));
    Optional<LogTerms> log = log(f.group("log"));
    List<Dataset> datasets = new DatasetReader(findings).datasets(f);
    List<AnalysisGrant> analyses = analyses(f);
    List<Template> templates = f.has("templates") ? templates(f) : List.of();
    Approval approval = approval(f.group("approval"));
    List<Person> people = f.has("people") ? people(f) : List.of();
    Optional<Limits> limits = limits(f.group("limits"));
    f.end();

    if (datesRead) {
      duration(f, notBefore, expires);
    }
    keyHolders.ifPresent(k -> holdersAreInstitutions(f, institutions, k));
    if (f.clean() && keyHolders.isPresent() && cohort.isPresent() && encryption.isPresent()) {
      int corrupt = keyHolders.get().maxCorrupt();
      meaning(f, institutions, policyThreshold, corrupt, cohort.get(), encryption.get(), log);
    }
    if (!f.clean() || keyHolders.isEmpty() || log.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Policy(
            Digests.sha256(bytes),
            federation,
            version,
            previous,
            notBefore,
            expires,
            institutions,
            policyThreshold,
            keyHolders.get(),
            encryption.orElseThrow(),
            cohort.orElseThrow(),
            log.get(),
            datasets,
            analyses,
            templates,
            approval,
            people,
            limits.orElseThrow()));
  }

  private static Optional<Digest> previous(YamlFields f, int version) {
    if (!f.has("previousSha256")) {
      if (version > 1) {
        f.refuse(
            "previousSha256",
            Code.POLICY_VERSION,
            "is missing: version " + version + " follows another");
      }
      return Optional.empty();
    }
    if (version == 1) {
      f.refuse("previousSha256", Code.POLICY_VERSION, "version 1 follows none");
    }
    return Optional.of(f.digest("previousSha256"));
  }

  private static void duration(YamlFields f, Instant notBefore, Instant expires) {
    Instant latest = notBefore.atOffset(ZoneOffset.UTC).plusMonths(MAX_MONTHS).toInstant();
    if (!notBefore.isBefore(expires)) {
      f.refuse("expires", Code.POLICY_DURATION, "is not after notBefore");
    } else if (expires.isAfter(latest)) {
      f.refuse(
          "expires",
          Code.POLICY_DURATION,
          "is more than " + MAX_MONTHS + " months after notBefore");
    }
  }

  private List<Institution> institutions(YamlFields f) {
    List<Institution> out = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Map<VerifyingKey, String> keys = new HashMap<>();
    for (YamlFields i : f.groups("institutions")) {
      String id = i.id("id");
      String legalEntity = i.string("legalEntity");
      List<VerifyingKey> policyKeys = i.keys("policyKeys");
      Optional<VerifyingKey> nodeKey = i.key("nodeKey");
      List<Role> roles = i.choices("roles", Role.class, Role::text);
      i.end();
      if (!ids.add(id) && !id.isEmpty()) {
        i.refuse("id", Code.POLICY_DUPLICATE, id + " stands twice");
      }
      for (int k = 0; k < policyKeys.size(); k++) {
        String owner = keys.putIfAbsent(policyKeys.get(k), id);
        if (owner != null) {
          findings.add(
              i.where("policyKeys", k),
              Code.POLICY_DUPLICATE,
              "this key is one of " + owner + "'s");
        }
      }
      String owner = nodeKey.isPresent() ? keys.putIfAbsent(nodeKey.get(), id) : null;
      if (owner != null) {
        i.refuse("nodeKey", Code.POLICY_DUPLICATE, "this key is one of " + owner + "'s");
      }
      if (i.clean() && nodeKey.isPresent()) {
        out.add(new Institution(id, legalEntity, policyKeys, nodeKey.get(), EnumSet.copyOf(roles)));
      }
    }
    return out;
  }

  private Optional<KeyHolders> keyHolders(YamlFields f) {
    List<String> members = f.ids("members");
    int threshold = f.smallInteger("threshold", 1, KeyHolders.MAX_MEMBERS);
    int maxCorrupt = f.smallInteger("maxCorrupt", 0, KeyHolders.MAX_MEMBERS);
    f.end();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < members.size(); i++) {
      if (!seen.add(members.get(i))) {
        findings.add(
            f.where("members", i), Code.POLICY_DUPLICATE, members.get(i) + " stands twice");
      }
    }
    if (members.size() > KeyHolders.MAX_MEMBERS) {
      f.refuse("members", Code.POLICY_QUORUM, "at most " + KeyHolders.MAX_MEMBERS + " holders");
    }
    int n = members.size();
    if (f.clean() && !KeyHolders.isQuorum(n, threshold, maxCorrupt)) {
      f.refuse(
          "threshold",
          Code.POLICY_QUORUM,
          String.format(
              "%d of %d holders with %d corruptible: %s",
              threshold,
              n,
              maxCorrupt,
              threshold > n
                  ? "more than there are"
                  : maxCorrupt >= threshold
                      ? "the corrupt alone could open"
                      : "two sets of them may share only "
                          + Math.max(0, 2 * threshold - n)
                          + ", all corruptible, and open two cohorts of one round"));
    }
    return f.clean()
        ? Optional.of(new KeyHolders(members, threshold, maxCorrupt))
        : Optional.empty();
  }

  private void holdersAreInstitutions(
      YamlFields f, List<Institution> institutions, KeyHolders keyHolders) {
    Map<String, Institution> byId = new HashMap<>();
    institutions.forEach(i -> byId.put(i.id(), i));
    if (byId.size() < f.count("institutions")) {
      return; // Some institution could not be read: it may be the one that seems to be missing.
    }
    YamlFields k = f.group("keyHolders");
    for (int i = 0; i < keyHolders.members().size(); i++) {
      String member = keyHolders.members().get(i);
      Institution institution = byId.get(member);
      if (institution == null) {
        findings.add(
            k.where("members", i), Code.POLICY_REFERENCE, member + " is not an institution");
      } else if (!institution.is(Role.HOLDER)) {
        findings.add(
            k.where("members", i), Code.POLICY_ROLE, member + " does not have the role holder");
      }
    }
    for (Institution institution : institutions) {
      if (institution.is(Role.HOLDER) && keyHolders.positionOf(institution.id()).isEmpty()) {
        k.refuse(
            "members",
            Code.POLICY_ROLE,
            institution.id() + " has the role holder and is not a member");
      }
    }
  }

  private static Optional<Encryption> encryption(YamlFields f) {
    int maxCohort = f.smallInteger("maxCohort", 2, Encryption.LARGEST_COHORT);
    Optional<String> parameters = Optional.empty();
    if (f.has("parameters")) {
      String id = f.string("parameters");
      if (ParameterSet.byId(id).filter(ParameterSet::production).isEmpty()) {
        f.refuse(
            "parameters", Code.POLICY_PARAMETERS, id + " is not a parameter set for production");
      }
      parameters = Optional.of(id);
    }
    f.end();
    return f.clean() ? Optional.of(new Encryption(maxCohort, parameters)) : Optional.empty();
  }

  private static Optional<Cohort> cohort(YamlFields f) {
    int minContributors = f.smallInteger("minContributors", 1, Encryption.LARGEST_COHORT);
    int maxColluding = f.smallInteger("maxColluding", 0, Encryption.LARGEST_COHORT);
    int minPatients = f.smallInteger("minPatientsPerSilo", 1, Integer.MAX_VALUE);
    f.end();
    if (f.clean() && minContributors < maxColluding + 2) {
      f.refuse(
          "minContributors",
          Code.POLICY_COHORT,
          String.format(
              "%d with %d colluding leaves %d honest in a sum, expected at least 2",
              minContributors, maxColluding, Math.max(0, minContributors - maxColluding)));
    }
    return f.clean()
        ? Optional.of(new Cohort(minContributors, maxColluding, minPatients))
        : Optional.empty();
  }

  private Optional<LogTerms> log(YamlFields f) {
    String origin = f.string("origin");
    List<String> keys = f.texts("keys");
    int witnessQuorum = f.smallInteger("witnessQuorum", 1, 1000);
    f.end();
    if (!LogTerms.isOrigin(origin) && f.clean()) {
      f.fault("origin", "expected 1 to 128 visible ASCII characters without +");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      try {
        if (!NoteKey.parse(keys.get(i)).name().equals(origin)) {
          findings.add(f.where("keys", i), Code.POLICY_REFERENCE, "is not a key named " + origin);
        }
      } catch (LogFormatException e) {
        findings.add(f.where("keys", i), Code.FILE_FIELD, "expected a key line name+hex+base64");
      }
      if (!seen.add(keys.get(i))) {
        findings.add(f.where("keys", i), Code.POLICY_DUPLICATE, "this key stands twice");
      }
    }
    return f.clean() ? Optional.of(new LogTerms(origin, keys, witnessQuorum)) : Optional.empty();
  }

  /** What the parts say together. */
  private static void meaning(
      YamlFields f,
      List<Institution> institutions,
      int policyThreshold,
      int maxCorrupt,
      Cohort cohort,
      Encryption encryption,
      Optional<LogTerms> log) {
    int all = institutions.size();
    if (policyThreshold > all || 2 * policyThreshold <= all) {
      f.refuse(
          "policyThreshold",
          Code.POLICY_THRESHOLD,
          policyThreshold + " of " + all + " institutions: expected more than half, at most all");
    }
    long silos = institutions.stream().filter(i -> i.is(Role.SILO)).count();
    long most = Math.min(silos, encryption.maxCohort());
    if (cohort.minContributors() > most) {
      f.group("cohort")
          .refuse(
              "minContributors",
              Code.POLICY_COHORT,
              cohort.minContributors()
                  + " can never be met: "
                  + silos
                  + " silos, maxCohort "
                  + encryption.maxCohort());
    }
    long witnesses = institutions.stream().filter(i -> i.is(Role.WITNESS)).count();
    log.filter(l -> !LogTerms.isQuorum(witnesses, l.witnessQuorum(), maxCorrupt))
        .ifPresent(l ->
            f.group("log")
                .refuse(
                    "witnessQuorum",
                    Code.POLICY_WITNESS_QUORUM,
                    String.format(
                        "%d of %d witnesses with %d corruptible: expected %d to %d",
                        l.witnessQuorum(),
                        witnesses,
                        maxCorrupt,
                        (witnesses + maxCorrupt) / 2 + 1,
                        witnesses)));
  }

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

  private static List<AnalysisGrant> analyses(YamlFields f) {
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

  private static List<Template> templates(YamlFields f) {
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

  private static Approval approval(YamlFields f) {
    Approval.Mode jobs = f.choice("jobs", Approval.Mode.class, Approval.Mode::text);
    Approval.Mode releases = f.choice("releases", Approval.Mode.class, Approval.Mode::text);
    f.end();
    return new Approval(jobs, releases);
  }

  private static List<Person> people(YamlFields f) {
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

  private static Optional<Limits> limits(YamlFields f) {
    long uploadBytes = f.integer("uploadBytes", 1024, 1L << 40);
    int jobsPerDay = f.smallInteger("jobsPerDay", 1, 1_000_000);
    f.end();
    return f.clean() ? Optional.of(new Limits(uploadBytes, jobsPerDay)) : Optional.empty();
  }
}
