package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Two versions of a policy and pens for their signatures: four institutions, threshold three;
 * version 2 lets budapest go and takes vienna in.
 */
final class TwoVersions {
  static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final List<String> OLD =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");
  private static final List<String> NEW =
      List.of("cleveland", "vienna", "zurich-basel", "long-beach");
  static final byte[] ONE = ExamplesTest.demoPolicy(NOW);
  static final byte[] TWO = two(ONE);

  /** Signers that are enough under either version. */
  static final String[] BOTH = {"cleveland", "zurich-basel", "long-beach"};

  private TwoVersions() {}

  static SignedPolicy signed(byte[] file, String... institutions) {
    return signedBy(file, policyKeys(institutions));
  }

  static SignedPolicy signedBy(byte[] file, List<SigningKey> keys) {
    return read(file, sign(file, keys));
  }

  static SignedPolicy read(byte[] file, PolicySignatures signatures) {
    try {
      return SignedPolicy.read("policy.yaml", file, signatures).orThrow();
    } catch (io.concordat.protocol.refusal.RefusedException e) {
      throw new AssertionError(e);
    }
  }

  static PolicySignatures sign(byte[] file, List<SigningKey> keys) {
    PolicySignatures signatures = PolicySignatures.none(file);
    for (SigningKey key : keys) {
      signatures = signatures.sign(file, key);
    }
    return signatures;
  }

  static PolicySignatures withSignature(
      byte[] file, String institution, byte[] signature, String... others) {
    try {
      List<JsonObject> entries = new ArrayList<>();
      entries.add(
          JsonObject.builder()
              .put("key", ExamplesTest.key("policy " + institution).toString())
              .put("signature", signature)
              .build());
      JsonObject rest = CanonicalJson.readObject(sign(file, policyKeys(others)).write());
      entries.addAll(rest.objects("signatures"));
      return PolicySignatures.read(
          JsonObject.builder()
              .put("schema", rest.string("schema"))
              .put("policy", rest.string("policy"))
              .put("signatures", entries)
              .bytes());
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  static List<SigningKey> policyKeys(String... institutions) {
    List<SigningKey> out = new ArrayList<>();
    for (String id : institutions) {
      out.add(ExamplesTest.signingKey("policy " + id));
    }
    return out;
  }

  static List<SigningKey> nodeKeys(String... institutions) {
    List<SigningKey> out = new ArrayList<>();
    for (String id : institutions) {
      out.add(ExamplesTest.signingKey("node " + id));
    }
    return out;
  }

  private static byte[] two(byte[] one) {
    String text =
        text(one)
            .replace("version: 1\n", "version: 2\npreviousSha256: " + Digests.sha256(one) + "\n")
            .replace(ExamplesTest.pair("policy budapest"), ExamplesTest.pair("policy vienna"))
            .replace(ExamplesTest.pair("node budapest"), ExamplesTest.pair("node vienna"))
            .replace("- id: budapest", "- id: vienna")
            .replace("members: " + list(OLD), "members: " + list(NEW));
    assertThat(text).contains("members: " + list(NEW));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String list(List<String> ids) {
    return "[" + String.join(", ", ids) + "]";
  }

  static byte[] renumbered(int version) {
    return replaced("version: 2\n", "version: " + version + "\n");
  }

  static byte[] withPrevious(Digest digest) {
    return replaced(Digests.sha256(ONE).toString(), digest.toString());
  }

  static byte[] other(byte[] file) {
    return text(file)
        .replace("jobsPerDay: 1000", "jobsPerDay: 999")
        .getBytes(StandardCharsets.UTF_8);
  }

  static byte[] replaced(String from, String to) {
    assertThat(text(TWO)).contains(from);
    return text(TWO).replace(from, to).getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] file) {
    return new String(file, StandardCharsets.UTF_8);
  }
}
