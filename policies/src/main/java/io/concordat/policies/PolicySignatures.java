package io.concordat.policies;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Signatures over the bytes of one policy file, kept in a file beside it ({@code policy.sig}).
 *
 * <p>The file is JSON: {@code {"policy": digest, "schema": "policy.sig/1", "signatures": [{"key",
 * "signature"}]}}. It grows as officers sign; two such files of one policy merge. A key occurs
 * once.
 */
public final class PolicySignatures {
  /** What a signature covers, followed by the policy file's bytes. */
  public static final String DOMAIN = "concordat/policy/1";

  /** More than every institution's officers together; bounds the work on a hostile file. */
  public static final int MAX_SIGNATURES = 1000;

  private static final String SCHEMA = "policy.sig/1";

  private final Digest policy;
  private final Map<VerifyingKey, byte[]> signatures;

  private PolicySignatures(Digest policy, Map<VerifyingKey, byte[]> signatures) {
    this.policy = policy;
    this.signatures = signatures;
  }

  /** No signature yet. */
  public static PolicySignatures none(byte[] policyFile) {
    return new PolicySignatures(Digests.sha256(policyFile), new TreeMap<>());
  }

  /** Reads a signature file, in any layout. Nothing is verified. */
  public static PolicySignatures read(byte[] file) throws DecodeException {
    JsonObject object = CanonicalJson.readObject(file).only("schema", "policy", "signatures");
    object.constant("schema", SCHEMA);
    Digest policy = Digest.parse(object.string("policy"));
    List<JsonObject> entries = object.objects("signatures");
    if (entries.size() > MAX_SIGNATURES) {
      throw object.fault("signatures", "expected at most " + MAX_SIGNATURES);
    }
    Map<VerifyingKey, byte[]> signatures = new TreeMap<>();
    for (JsonObject entry : entries) {
      entry.only("key", "signature");
      VerifyingKey key = VerifyingKey.parse(entry.string("key"));
      byte[] before = signatures.put(key, entry.bytes("signature", VerifyingKey.SIGNATURE_BYTES));
      if (before != null) {
        throw entry.fault("key", "stands twice: a key counts once");
      }
    }
    return new PolicySignatures(policy, signatures);
  }

  /** The canonical bytes of the signature file. */
  public byte[] write() {
    List<JsonObject> entries = new ArrayList<>();
    signatures.forEach((key, signature) ->
        entries.add(
            JsonObject.builder().put("key", key.toString()).put("signature", signature).build()));
    return JsonObject.builder()
        .put("schema", SCHEMA)
        .put("policy", policy.toString())
        .put("signatures", entries)
        .bytes();
  }

  /**
   * With this key's signature added.
   *
   * @throws IllegalArgumentException if these are signatures of another file
   */
  public PolicySignatures sign(byte[] policyFile, SigningKey key) {
    if (!Digests.sha256(policyFile).equals(policy)) {
      throw new IllegalArgumentException("these signatures belong to another policy file");
    }
    Map<VerifyingKey, byte[]> more = new TreeMap<>(signatures);
    more.put(key.verifyingKey(), key.sign(DOMAIN, policyFile));
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
    Map<VerifyingKey, byte[]> more = new TreeMap<>(other.signatures);
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

  /** Whether this key's signature stands here and holds for these bytes. */
  public boolean holds(VerifyingKey key, byte[] policyFile) {
    byte[] signature = signatures.get(key);
    return signature != null && key.verify(DOMAIN, policyFile, signature);
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
