package io.concordat.protocol.policy;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One version of the agreement.
 *
 * <p>INV-04: every reference inside resolves, every key belongs to one institution, and the quorums
 * of holders, witnesses and cohort can be met by the institutions listed.
 *
 * @param digest SHA-256 of the file's bytes as they were signed
 * @param previous digest of the version before; empty for version 1 only
 * @param policyThreshold institutions that must sign the next version
 */
public record Policy(
    Digest digest,
    String federation,
    int version,
    Optional<Digest> previous,
    Instant notBefore,
    Instant expires,
    List<Institution> institutions,
    int policyThreshold,
    KeyHolders keyHolders,
    Encryption encryption,
    Cohort cohort,
    LogTerms log,
    List<Dataset> datasets,
    List<AnalysisGrant> analyses,
    List<Template> templates,
    Approval approval,
    List<Person> people,
    Limits limits) {

  public Policy {
    Ids.checkId("federation", federation);
    Ids.check(version >= 1, "version must be at least 1");
    Ids.check((version == 1) == previous.isEmpty(), "exactly version 1 has no previous");
    Ids.check(notBefore.isBefore(expires), "expires must be after notBefore");
    institutions = List.copyOf(institutions);
    datasets = List.copyOf(datasets);
    analyses = List.copyOf(analyses);
    templates = List.copyOf(templates);
    people = List.copyOf(people);
    Ids.checkDistinct("institution", institutions.stream().map(Institution::id).toList());
    Ids.checkDistinct(
        "key",
        institutions.stream()
            .flatMap(i -> Stream.concat(i.policyKeys().stream(), Stream.of(i.nodeKey())))
            .toList());
    // One ML-DSA key under two institutions would let one signature count as two.
    Ids.checkDistinct(
        "ML-DSA key", institutions.stream().flatMap(i -> i.quantum().values().stream()).toList());
    Ids.checkDistinct("dataset", datasets.stream().map(Dataset::id).toList());
    Ids.checkDistinct("analysis", analyses.stream().map(AnalysisGrant::kind).toList());
    Ids.checkDistinct("template", templates.stream().map(Template::digest).toList());
    Ids.check(
        policyThreshold <= institutions.size() && 2L * policyThreshold > institutions.size(),
        "policyThreshold must be more than half of the institutions and at most all");
    for (Institution institution : institutions) {
      Ids.check(
          institution.is(Role.HOLDER) == keyHolders.members().contains(institution.id()),
          "institution " + institution.id() + ": role holder and keyHolders must agree");
    }
    List<String> ids = institutions.stream().map(Institution::id).toList();
    Ids.check(ids.containsAll(keyHolders.members()), "a key holder is not an institution");
    long silos = institutions.stream().filter(i -> i.is(Role.SILO)).count();
    long witnesses = institutions.stream().filter(i -> i.is(Role.WITNESS)).count();
    Ids.check(cohort.minContributors() <= silos, "minContributors exceeds the number of silos");
    Ids.check(
        cohort.minContributors() <= encryption.maxCohort(), "minContributors exceeds maxCohort");
    Ids.check(
        LogTerms.isQuorum(witnesses, log.witnessQuorum(), keyHolders.maxCorrupt()),
        "witnessQuorum must be above (witnesses + maxCorrupt) / 2 and at most the witnesses");
    Map<String, Dataset> byScope = new HashMap<>();
    for (Dataset dataset : datasets) {
      Dataset before = byScope.putIfAbsent(dataset.budgetScope(), dataset);
      // Exact sums over the same persons would undo the cap, a second cap would double it.
      Ids.check(
          before == null || sameCap(before.privacy(), dataset.privacy()),
          "datasets of one person column must have the same privacy: " + dataset.person());
    }
  }

  /** Whether two datasets over the same persons bound them alike. */
  public static boolean sameCap(Privacy one, Privacy other) {
    return switch (one) {
      case Privacy.None() -> other instanceof Privacy.None;
      case Privacy.Cap cap ->
          other instanceof Privacy.Cap that
              && cap.epsilonCap().compareTo(that.epsilonCap()) == 0
              && cap.delta().compareTo(that.delta()) == 0;
    };
  }

  public Optional<Institution> institution(String id) {
    return institutions.stream().filter(i -> i.id().equals(id)).findFirst();
  }

  /** The institution whose node signs with this key. */
  public Optional<Institution> institutionOfNode(VerifyingKey nodeKey) {
    return institutions.stream().filter(i -> i.nodeKey().equals(nodeKey)).findFirst();
  }

  /** The institution that this policy key signs for. */
  public Optional<Institution> institutionOfPolicyKey(VerifyingKey policyKey) {
    return institutions.stream().filter(i -> i.policyKeys().contains(policyKey)).findFirst();
  }

  /** Institutions with a role, in the file's order. */
  public List<Institution> withRole(Role role) {
    return institutions.stream().filter(i -> i.is(role)).toList();
  }

  /** Ids of the silos, sorted as ASCII: the order of rosters and cohorts. */
  public List<String> silos() {
    return withRole(Role.SILO).stream().map(Institution::id).sorted().toList();
  }

  /** Holders in the order of their positions. */
  public List<Institution> holders() {
    List<Institution> out = new ArrayList<>();
    keyHolders.members().forEach(id -> institution(id).ifPresent(out::add));
    return List.copyOf(out);
  }

  /** Witnesses' node keys by institution. */
  public Map<String, VerifyingKey> witnessKeys() {
    Map<String, VerifyingKey> out = new TreeMap<>();
    withRole(Role.WITNESS).forEach(i -> out.put(i.id(), i.nodeKey()));
    return out;
  }

  public Optional<Dataset> dataset(String id) {
    return datasets.stream().filter(d -> d.id().equals(id)).findFirst();
  }

  public Optional<AnalysisGrant.Train> trainGrant() {
    return analyses.stream()
        .filter(AnalysisGrant.Train.class::isInstance)
        .map(AnalysisGrant.Train.class::cast)
        .findFirst();
  }

  public Optional<AnalysisGrant.Statistics> statisticsGrant() {
    return analyses.stream()
        .filter(AnalysisGrant.Statistics.class::isInstance)
        .map(AnalysisGrant.Statistics.class::cast)
        .findFirst();
  }

  /** Most persons over all silos that a dataset can have under this policy. */
  public long maxPatients(Dataset dataset) {
    return (long) silos().size() * dataset.maxPatientsPerSilo();
  }

  /** Whether the policy is in force at an instant: from notBefore, before expires. */
  public boolean inForceAt(Instant instant) {
    return !instant.isBefore(notBefore) && instant.isBefore(expires);
  }
}
