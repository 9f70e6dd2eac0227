package io.concordat.verify;

import io.concordat.crypto.bulk.Digest;

/**
 * Where things lie in a pack. Exporter and verifier both ask here.
 *
 * <pre>
 * checkpoint                        the newest note with the witnesses' cosignatures
 * tile/...                          hashes and entries of the log
 * policy/VERSION/policy.yaml        every version that was in force, as it was signed
 * policy/VERSION/policy.yaml.sig    its detached signatures
 * openings/MANIFEST.json            for each opened round: headers, fingerprints, key sums
 * sums/MANIFEST                     the summed ciphertext, where it is not in the file above
 * releases/JOB.json                 for each job with a result: what was handed out
 * </pre>
 *
 * <p>MANIFEST and JOB are digests in lower-case hexadecimal.
 */
public final class PackLayout {
  /** The newest checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  /** A summed ciphertext above this length may be left out of a pack. */
  public static final long LARGEST_SUM_BYTES = 64L << 20;

  private PackLayout() {}

  /** A policy file. */
  public static String policy(long version) {
    return "policy/" + version + "/policy.yaml";
  }

  /** The signatures of a policy file. */
  public static String policySignatures(long version) {
    return policy(version) + ".sig";
  }

  /** The evidence of one opening. */
  public static String opening(Digest manifest) {
    return "openings/" + manifest.hex() + ".json";
  }

  /** A summed ciphertext object. */
  public static String sum(Digest manifest) {
    return "sums/" + manifest.hex();
  }

  /** What was released of a job. */
  public static String release(Digest job) {
    return "releases/" + job.hex() + ".json";
  }
}
