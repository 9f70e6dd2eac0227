package io.concordat.homes.enrolment;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.NoteKey;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.sign.ShortFingerprint;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;

/**
 * An invitation: the file with which one institution's node finds the federation.
 *
 * <p>It is signed with the log key. That shows that nobody changed it on its way; that it is the
 * right federation's is shown by the policy, which names the log key, and by its fingerprint, read
 * over the telephone.
 *
 * @param federation its id
 * @param institution the only one that may enrol with it
 * @param aggregator where the aggregator is
 * @param authority the certificate authority, PEM
 * @param logKeys the log's keys, as the policy lists them
 * @param policyVersion version of the policy in force when it was made
 * @param policy that policy's digest
 * @param token good for one request; the aggregator keeps its digest only
 * @param expires end of the token
 */
public record Bootstrap(
    String federation,
    String institution,
    URI aggregator,
    String authority,
    List<String> logKeys,
    long policyVersion,
    Digest policy,
    String token,
    Instant expires) {
  /** How long an invitation is good for. */
  public static final Duration LIFE = Duration.ofHours(72);

  private static final String DOMAIN = "concordat/bootstrap/1";
  private static final int MAX_BYTES = 64 * 1024;
  private static final int SIGNATURE_BYTES = 64;

  public Bootstrap {
    logKeys = List.copyOf(logKeys);
  }

  private JsonObject json() {
    return JsonObject.builder()
        .put("federation", federation)
        .put("institution", institution)
        .put("aggregator", aggregator.toString())
        .put("authority", authority)
        .put("logKeys", logKeys)
        .put("policyVersion", policyVersion)
        .put("policy", policy.toString())
        .put("token", token)
        .put("expires", expires)
        .build();
  }

  /** What both sides read to each other: everything in the file, the token included. */
  public ShortFingerprint fingerprint() {
    return ShortFingerprint.of(json().bytes());
  }

  /**
   * The file.
   *
   * @param signing signs bytes under a domain with the log key
   */
  public byte[] sign(VerifyingKey key, BiFunction<String, byte[], byte[]> signing) {
    return JsonObject.builder()
        .put("bootstrap", json())
        .put("key", key.toString())
        .put("signature", signing.apply(DOMAIN, json().bytes()))
        .build()
        .bytes();
  }

  /**
   * Reads and checks a file.
   *
   * @throws DecodeException if it was changed, has expired, or is signed by a key that it does not
   *     name as the log's
   */
  public static Bootstrap read(byte[] file, Instant now) throws DecodeException {
    if (file.length > MAX_BYTES) {
      throw new DecodeException("an invitation has at most " + MAX_BYTES + " bytes");
    }
    JsonObject envelope = CanonicalJson.readObject(file).only("bootstrap", "key", "signature");
    JsonObject inner = envelope.object("bootstrap");
    VerifyingKey key = VerifyingKey.parse(envelope.string("key"));
    if (!key.verify(DOMAIN, inner.bytes(), envelope.bytes("signature", SIGNATURE_BYTES))) {
      throw new DecodeException("the invitation's signature does not hold: it was changed");
    }
    Bootstrap read = of(inner);
    boolean named = false;
    for (String line : read.logKeys) {
      named |= java.util.Arrays.equals(noteKey(line).publicKey(), key.bytes());
    }
    if (!named) {
      throw new DecodeException("the invitation is not signed by the log key that it names");
    }
    if (!now.isBefore(read.expires)) {
      throw new DecodeException(
          "the invitation ended at "
              + read.expires
              + "; ask the aggregator's operator for another");
    }
    return read;
  }

  private static Bootstrap of(JsonObject o) throws DecodeException {
    o.only(
        "federation",
        "institution",
        "aggregator",
        "authority",
        "logKeys",
        "policyVersion",
        "policy",
        "token",
        "expires");
    URI aggregator;
    try {
      aggregator = URI.create(o.string("aggregator"));
    } catch (IllegalArgumentException bad) {
      throw new DecodeException("aggregator: not an address", bad);
    }
    if (!"https".equals(aggregator.getScheme()) || aggregator.getHost() == null) {
      throw new DecodeException("aggregator: expected an address like https://host:8443");
    }
    Certificates.fromPem(o.string("authority"));
    return new Bootstrap(
        o.id("federation"),
        o.id("institution"),
        aggregator,
        o.string("authority"),
        o.strings("logKeys"),
        o.integer("policyVersion", 1, 1L << 40),
        Digest.parse(o.string("policy")),
        o.string("token"),
        o.instant("expires"));
  }

  private static NoteKey noteKey(String line) throws DecodeException {
    try {
      return NoteKey.parse(line);
    } catch (LogFormatException bad) {
      throw new DecodeException("logKeys: " + bad.getMessage(), bad);
    }
  }
}
