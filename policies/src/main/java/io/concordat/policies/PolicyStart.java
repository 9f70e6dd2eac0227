package io.concordat.policies;

import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.policy.KeyHolders;
import io.concordat.protocol.policy.LogKeys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A commented policy to begin with: valid as it is written, strict where a choice is open, and with
 * quorums that follow from the number of institutions.
 *
 * <p>Keys that are not given are made and their private halves thrown away, so that the file can be
 * read and checked before anybody has a key. Nothing can be signed or run under them.
 *
 * @param origin the log's name
 * @param institutions ids, each a silo, holder and witness
 * @param policyKeys by institution, where they are known
 * @param nodeKeys by institution, where they are known
 * @param logKeys of the log under its origin, if they are known
 */
public record PolicyStart(
    String federation,
    String origin,
    List<String> institutions,
    Map<String, PublicKeys> policyKeys,
    Map<String, PublicKeys> nodeKeys,
    Optional<LogKeys> logKeys) {
  private static final int FEWEST = 3;
  private static final int COHORT = 16;
  private static final String UNKNOWN = "   # an example: put your own here";

  public PolicyStart {
    institutions = List.copyOf(institutions);
    policyKeys = Map.copyOf(policyKeys);
    nodeKeys = Map.copyOf(nodeKeys);
    if (institutions.size() < FEWEST || institutions.size() > KeyHolders.MAX_MEMBERS) {
      throw new IllegalArgumentException(
          "a consortium begins with "
              + FEWEST
              + " to "
              + KeyHolders.MAX_MEMBERS
              + " institutions, not "
              + institutions.size());
    }
    for (String named : List.copyOf(policyKeys.keySet())) {
      requireMember(institutions, named);
    }
    for (String named : List.copyOf(nodeKeys.keySet())) {
      requireMember(institutions, named);
    }
  }

  private static void requireMember(List<String> institutions, String named) {
    if (!institutions.contains(named)) {
      throw new IllegalArgumentException("a key is given for " + named + ", which is not listed");
    }
  }

  /** Institutions that may be corrupt: a third, and never none. */
  private int corrupt() {
    return Math.max(1, (institutions.size() - 1) / 3);
  }

  /** The smallest q with 2q > n + f: two quorums of q share more than f (INV-01, INV-03). */
  private int quorum() {
    return (institutions.size() + corrupt()) / 2 + 1;
  }

  /**
   * The file.
   *
   * @param from start of force; it ends a year later
   */
  public byte[] write(Instant from, Randomness randomness) {
    Instant start = from.truncatedTo(ChronoUnit.SECONDS);
    StringBuilder out = new StringBuilder();
    out.append("# The agreement of the consortium ").append(federation).append(".\n");
    out.append("# Every institution signs the bytes of this file, comments included:\n");
    out.append("#   concordat policy validate FILE   reads it strictly\n");
    out.append("#   concordat policy explain FILE    says in plain words what it permits\n");
    out.append("schema: policy/1\n");
    out.append("federation: ").append(federation).append('\n');
    out.append("version: 1\n");
    out.append("notBefore: ").append(start).append('\n');
    out.append("# At most 13 months after notBefore; then everything stops until a new version.\n");
    out.append("expires: ").append(start.plus(365, ChronoUnit.DAYS)).append("\n\n");
    institutions(out, randomness);
    quorums(out);
    log(out, randomness);
    out.append(REST);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void institutions(StringBuilder out, Randomness randomness) {
    out.append("# policyKeys: `concordat policy key`, kept by officers and on no server.\n");
    out.append("# nodeKey: `concordat silo init`, made on the institution's own node.\n");
    out.append(
        "# Where a key is written as a pair, both signatures are needed: Ed25519, and ML-DSA-65\n");
    out.append("# for readers who come after large quantum computers.\n");
    out.append(
        "# silo: has records; holder: has a share of every key; witness: vouches for the log.\n");
    out.append("institutions:\n");
    for (String id : institutions) {
      out.append("  - id: ").append(id).append('\n');
      out.append("    legalEntity: ").append(id).append("   # the full legal name\n");
      key(out, "    policyKeys: [\"", policyKeys.get(id), "\"]", randomness);
      key(out, "    nodeKey: \"", nodeKeys.get(id), "\"", randomness);
      out.append("    roles: [silo, holder, witness]\n");
    }
    out.append('\n');
  }

  private static void key(
      StringBuilder out,
      String before,
      @org.jspecify.annotations.Nullable PublicKeys known,
      String after,
      Randomness randomness) {
    out.append(before).append(known == null ? example(randomness) : known).append(after);
    out.append(known == null ? UNKNOWN : "").append('\n');
  }

  private static PublicKeys example(Randomness randomness) {
    SigningKey key = SigningKey.generate(randomness);
    try {
      return key.publicKeys();
    } finally {
      key.destroy();
    }
  }

  private void quorums(StringBuilder out) {
    int n = institutions.size();
    out.append("# Institutions that must sign the next version, and that must agree to a thaw.\n");
    out.append("policyThreshold: ").append(n / 2 + 1).append("\n\n");
    out.append("# Any ")
        .append(quorum())
        .append(" of them open a sum together; ")
        .append(quorum() - 1)
        .append(" cannot. The rule is 2t - n > f and f < t.\n");
    out.append("keyHolders:\n");
    out.append("  members: [").append(String.join(", ", institutions)).append("]\n");
    out.append("  threshold: ").append(quorum()).append('\n');
    out.append("  maxCorrupt: ").append(corrupt()).append("\n\n");
    out.append("encryption: {maxCohort: ").append(COHORT).append("}\n\n");
    out.append("# No sum of fewer silos than this; the noise holds even if maxColluding of them\n");
    out.append("# tell what they sent.\n");
    out.append("cohort: {minContributors: 3, maxColluding: 1, minPatientsPerSilo: 20}\n\n");
  }

  private void log(StringBuilder out, Randomness randomness) {
    SigningKey example = SigningKey.generate(randomness);
    LogKeys keys = logKeys.orElseGet(() -> LogKeys.of(origin, example));
    example.destroy();
    out.append(
        "# keys: `concordat aggregator init --origin` prints them: the log's Ed25519 key, its\n");
    out.append(
        "# ML-DSA-44 key for checkpoints, and the ML-DSA-65 key that signs releases beside it.\n");
    out.append("log:\n");
    out.append("  origin: ").append(origin).append('\n');
    out.append("  keys:\n");
    out.append("    - \"").append(keys.classic()).append('"');
    out.append(logKeys.isEmpty() ? UNKNOWN : "").append('\n');
    out.append("    - \"").append(keys.quantum()).append("\"\n");
    out.append("  releaseKey: \"").append(keys.release()).append("\"\n");
    out.append("  witnessQuorum: ").append(quorum()).append("\n\n");
  }

  private static final String REST =
      """
      # What the records look like. Bounds are clipping bounds, centres and scales are public figures,
      # never computed from the records.
      datasets:
        - id: example
          person: patient                     # rows with one value here are one person
          maxPatientsPerSilo: 1000
          holdout: "0.2"                      # kept for evaluation, by a keyed hash of the person
          columns:
            - {name: patient, type: identifier}
            - {name: age, type: number, min: 0, max: 120, center: 55, scale: 10, unit: years, missing: drop-row}
            - {name: sex, type: category, values: [0, 1], missing: drop-row}
            - {name: outcome, type: category, values: [healthy, disease], missing: drop-row}
          labels:
            - {name: disease, column: outcome, positive: [disease]}
          # The most that all jobs together may ever learn about one person, and one job at most.
          # `privacy: none` opens exact sums instead.
          # `attestation: required` has every job's noise measured; `job` leaves it to each job.
          privacy: {epsilonCap: "4.0", delta: "1e-6", perJobMax: "1.0", attestation: required}

      # What a job may be. Anything else is refused.
      analyses:
        - {kind: train, models: [logistic], maxParameters: 1000, maxRounds: 100}

      # manual: an officer of every silo decides before a job runs, and before its last opening.
      approval: {jobs: manual, releases: manual}

      # Ceilings of the service.
      limits: {uploadBytes: 67108864, jobsPerDay: 5}
      """;
}
