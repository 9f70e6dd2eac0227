package io.concordat.policies;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.ParameterSet;
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
import java.util.List;
import java.util.Optional;

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
          Optional<Policy> policy = new PolicyReader(findings).policyOrFinding(f, bytes);
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
    MemberReader members = new MemberReader(findings);
    f.constant("schema", "policy/1");
    String federation = f.id("federation");
    int version = f.smallInteger("version", 1, 1_000_000);
    Optional<Digest> previous = previous(f, version);
    Instant notBefore = f.instant("notBefore");
    Instant expires = f.instant("expires");
    boolean datesRead = f.clean();
    List<Institution> institutions = members.institutions(f);
    int policyThreshold = f.smallInteger("policyThreshold", 1, 1000);
    Optional<KeyHolders> keyHolders = members.keyHolders(f.group("keyHolders"));
    Optional<Encryption> encryption = encryption(f.group("encryption"));
    Optional<Cohort> cohort = cohort(f.group("cohort"));
    Optional<LogTerms> log = new LogReader(findings).log(f.group("log"));
    List<Dataset> datasets = new DatasetReader(findings).datasets(f);
    List<AnalysisGrant> analyses = PermissionReader.analyses(f);
    List<Template> templates = f.has("templates") ? PermissionReader.templates(f) : List.of();
    Approval approval = PermissionReader.approval(f.group("approval"));
    List<Person> people = f.has("people") ? PermissionReader.people(f) : List.of();
    Optional<Limits> limits = PermissionReader.limits(f.group("limits"));
    f.end();

    if (datesRead) {
      duration(f, notBefore, expires);
    }
    keyHolders.ifPresent(k -> members.holdersAreInstitutions(f, institutions, k));
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
}
