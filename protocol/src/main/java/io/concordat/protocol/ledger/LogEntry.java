package io.concordat.protocol.ledger;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.LastingForm;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import java.time.Instant;
import java.util.Arrays;

/**
 * One entry of the log: a signed statement with its place in time and the policy it stands under.
 *
 * @param time when the aggregator appended it; no signature of the actor covers it
 * @param federation the federation's id
 * @param policyVersion version of the policy in force
 * @param policy digest of that policy's file
 * @param actor id of the institution, {@link #AGGREGATOR}, or {@link #SUBMITTER}
 * @param signed the statement, its signature verified
 */
public record LogEntry(
    Instant time,
    String federation,
    long policyVersion,
    Digest policy,
    String actor,
    SignedStatement signed) {
  /** Actor of what the aggregator says itself. */
  public static final String AGGREGATOR = "aggregator";

  /** Actor of submitted jobs: who it is, the key says. */
  public static final String SUBMITTER = "submitter";

  /** The statement's type. */
  public StatementType type() {
    return signed.type();
  }

  /** The whole entry. What of it stands in the tree, {@link LogLeaf} says. */
  public byte[] bytes() {
    JsonObject.Builder out = JsonObject.builder();
    signed.putLasting(out);
    return out.put("v", 1)
        .put("type", signed.type().wireName())
        .put("time", time)
        .put("federation", federation)
        .put(
            "policy",
            JsonObject.builder()
                .put("version", policyVersion)
                .put("sha256", policy.toString())
                .build())
        .put("actor", actor)
        .put("key", signed.signer().toString())
        .put("statement", signed.statement().json())
        .put("signature", signed.signature())
        .bytes();
  }

  /**
   * Reads an entry strictly and verifies its signature.
   *
   * @throws DecodeException if it is not canonical, has other fields, or the signature does not
   *     hold over the type's domain and the nested statement's bytes
   */
  public static LogEntry read(byte[] bytes) throws DecodeException {
    if (bytes.length > LogLeaf.MAX_ENTRY_BYTES) {
      throw new DecodeException("log entry: at most " + LogLeaf.MAX_ENTRY_BYTES + " bytes");
    }
    JsonObject o =
        CanonicalJson.parseObject(bytes)
            .only(
                "v",
                "type",
                "time",
                "federation",
                "policy",
                "actor",
                "key",
                "statement",
                "signature",
                "mldsa");
    o.integer("v", 1, 1);
    JsonObject policy = o.object("policy").only("version", "sha256");
    StatementType type = StatementType.of(o.string("type"));
    if (!type.logged()) {
      throw o.fault("type", "expected a type of log entries");
    }
    LogEntry entry =
        new LogEntry(
            o.instant("time"),
            o.id("federation"),
            policy.integer("version", 1, Integer.MAX_VALUE),
            Digest.parse(policy.string("sha256")),
            o.id("actor"),
            SignedStatement.verify(
                type,
                CanonicalJson.write(o.object("statement").members()),
                VerifyingKey.parse(o.string("key")),
                o.bytes("signature"),
                LastingForm.read(o)));
    if (!Arrays.equals(entry.bytes(), bytes)) {
      throw new DecodeException("log entry: not the form its fields are written in");
    }
    return entry;
  }
}
