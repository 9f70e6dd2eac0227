package io.concordat.verify;

import io.concordat.crypto.bulk.Digest;

/**
 * Where things lie in a pack.
 *
 * <pre>
 * checkpoint                     the newest note with the witnesses' cosignatures
 * tile/...                       hashes and entries of the log
 * manifests/MANIFEST.json        a manifest so long that its entry holds only its digest
 * policy/VERSION/policy.yaml     every version that was in force, as it was signed
 * policy/VERSION/policy.sig      its detached signatures
 * fingerprints/MANIFEST.json     for each opened round: signed headers, fingerprints, key sums
 * keysums/MANIFEST/POSITION      the words of one key holder's answer
 * sums/MANIFEST                  the summed ciphertext
 * ciphertexts/CONTRIBUTION       of a silo that stated no fingerprint of its own
 * releases/JOB.json              for each job with a result: what was handed out
 * claims/JOB.json                and what is claimed about its privacy
 * </pre>
 *
 * <p>MANIFEST, CONTRIBUTION and JOB are digests in lower-case hexadecimal.
 */
public final class PackLayout {
  /** The newest checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  /** All files of the log's tree lie under this. */
  public static final String TILES = "tile/";

  /** A summed ciphertext above this length may be left out of a pack. */
  public static final long LARGEST_SUM_BYTES = 64L << 20;

  private PackLayout() {}

  /** A policy file. */
  public static String policy(long version) {
    return "policy/" + version + "/policy.yaml";
  }

  /** The signatures of a policy file. */
  public static String policySignatures(long version) {
    return "policy/" + version + "/policy.sig";
  }

  /** A manifest that stands in the log by its digest. */
  public static String manifest(Digest manifest) {
    return "manifests/" + manifest.hex() + ".json";
  }

  /** The signed statements about one opening. */
  public static String statements(Digest manifest) {
    return "fingerprints/" + manifest.hex() + ".json";
  }

  /** A key sum object. */
  public static String keySum(Digest manifest, int position) {
    return "keysums/" + manifest.hex() + "/" + position;
  }

  /** A summed ciphertext object. */
  public static String sum(Digest manifest) {
    return "sums/" + manifest.hex();
  }

  /** One contribution's ciphertext object. */
  public static String ciphertext(Digest contribution) {
    return "ciphertexts/" + contribution.hex();
  }

  /** What is claimed about a result's privacy. */
  public static String claims(Digest job) {
    return "claims/" + job.hex() + ".json";
  }

  /** What was released of a job. */
  public static String release(Digest job) {
    return "releases/" + job.hex() + ".json";
  }
}
