package io.concordat.policies;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.LastingForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Signatures over the bytes of one policy file, kept in a file beside it ({@code policy.sig}).
 *
 * <p>The file is JSON: {@code {"policy": digest, "schema": "policy.sig/1", "signatures": [{"key",
 * "signature", "mldsa": {"key", "signature"}}]}}. It grows as officers sign; two such files of one
 * policy merge. A key occurs once, with its ML-DSA signature beside it.
 */
public final class PolicySignatures {
  /** What a signature covers, followed by the policy file's bytes. */
  public static final String DOMAIN = "concordat/policy/1";

  /** More than every institution's officers together; bounds the work on a hostile file. */
  public static final int MAX_SIGNATURES = 1000;

  /**
   * Longest file. A pair is an Ed25519 signature with its key and an ML-DSA-65 signature of 3,309
   * bytes with its key of 1,952, a third more as base64url: below 8 KiB.
   */
  public static final int MAX_BYTES = MAX_SIGNATURES * (8 << 10);

  private static final String SCHEMA = "policy.sig/1";

  private final Digest policy;
  private final Map<VerifyingKey, Signed> signatures;

  /** Both signatures of one signer; the second one may be missing. */
  private record Signed(byte[] classic, Optional<MlDsaSignature> lasting) {}

  private PolicySignatures(Digest policy, Map<VerifyingKey, Signed> signatures) {
    this.policy = policy;
    this.signatures = signatures;
  }

  /** No signature yet. */
  public static PolicySignatures none(byte[] policyFile) {
    return new PolicySignatures(Digests.sha256(policyFile), new TreeMap<>());
  }

  /** Reads a signature file, in any layout. Nothing is verified. */
  public static PolicySignatures read(byte[] file) throws DecodeException {
    JsonObject object =
        CanonicalJson.readObject(file, MAX_BYTES).only("schema", "policy", "signatures");
    object.constant("schema", SCHEMA);
    Digest policy = Digest.parse(object.string("policy"));
    List<JsonObject> entries = object.objects("signatures");
    if (entries.size() > MAX_SIGNATURES) {
      throw object.fault("signatures", "expected at most " + MAX_SIGNATURES);
    }
    Map<VerifyingKey, Signed> signatures = new TreeMap<>();
    for (JsonObject entry : entries) {
      entry.only("key", "signature", "mldsa");
      VerifyingKey key = VerifyingKey.parse(entry.string("key"));
      Signed before =
          signatures.put(
              key,
              new Signed(
                  entry.bytes("signature", VerifyingKey.SIGNATURE_BYTES), LastingForm.read(entry)));
      if (before != null) {
        throw entry.fault("key", "stands twice: a key counts once");
      }
    }
    return new PolicySignatures(policy, signatures);
  }

  /** The canonical bytes of the signature file. */
  public byte[] write() {
    List<JsonObject> entries = new ArrayList<>();
    signatures.forEach((key, signed) -> {
      JsonObject.Builder entry =
          JsonObject.builder().put("key", key.toString()).put("signature", signed.classic());
      signed.lasting().ifPresent(s -> entry.put("mldsa", LastingForm.json(s)));
      entries.add(entry.build());
    });
    return JsonObject.builder()
        .put("schema", SCHEMA)
        .put("policy", policy.toString())
        .put("signatures", entries)
        .bytes();
  }

  /**
   * With this key's signatures added, that of its ML-DSA companion too: whether a policy asks for
   * it depends on the version that judges, and a signature that nobody asks for does no harm.
   *
   * @throws IllegalArgumentException if these are signatures of another file
   */
  public PolicySignatures sign(byte[] policyFile, SigningKey key) {
    if (!Digests.sha256(policyFile).equals(policy)) {
      throw new IllegalArgumentException("these signatures belong to another policy file");
    }
    Map<VerifyingKey, Signed> more = new TreeMap<>(signatures);
    more.put(
        key.verifyingKey(),
        new Signed(
            key.sign(DOMAIN, policyFile),
            Optional.of(key.mlDsa(MlDsaKey.Level.ML_DSA_65).sign(DOMAIN, policyFile))));
    return new PolicySignatures(policy, more);
  }

  /**
   * Signatures of both; of one key the first's.
   *
   * @throws IllegalArgumentException if they are of different policies
   */
  public PolicySignatures merge(PolicySignatures other) {
    if (!other.policy.equals(policy)) {
      throw new IllegalArgumentException("these signatures belong to another policy file");
    }
    Map<VerifyingKey, Signed> more = new TreeMap<>(other.signatures);
    more.putAll(signatures);
    return new PolicySignatures(policy, more);
  }

  /** The file that these claim to sign. */
  public Digest policy() {
    return policy;
  }

  /** Keys in their order. */
  public List<VerifyingKey> keys() {
    return List.copyOf(signatures.keySet());
  }

  /**
   * Whether what stands here in the name of these keys holds for these bytes: the Ed25519 signature
   * and, where an ML-DSA key is named, one by exactly that key.
   */
  public boolean holds(PublicKeys keys, byte[] policyFile) {
    Signed signed = signatures.get(keys.classic());
    if (signed == null || !keys.classic().verify(DOMAIN, policyFile, signed.classic())) {
      return false;
    }
    return keys.quantum().isEmpty()
        || signed
            .lasting()
            .filter(s -> keys.quantum().equals(Optional.of(s.key().fingerprint())))
            .filter(s -> s.holds(DOMAIN, policyFile))
            .isPresent();
  }

  /** Whether every signature that stands here beside this key holds, asked for or not. */
  boolean isHonest(VerifyingKey key, byte[] policyFile) {
    Signed signed = signatures.get(key);
    return signed != null
        && key.verify(DOMAIN, policyFile, signed.classic())
        && signed.lasting().map(s -> s.holds(DOMAIN, policyFile)).orElse(true);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PolicySignatures that && Arrays.equals(write(), that.write());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(write());
  }

  @Override
  public String toString() {
    return signatures.size() + " signatures of policy " + policy;
  }
}
