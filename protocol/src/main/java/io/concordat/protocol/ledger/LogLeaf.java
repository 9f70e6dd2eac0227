package io.concordat.protocol.ledger;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.StatementType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What of an entry stands in the tree: the entry itself, or, for a manifest of hundreds of silos,
 * the entry with the manifest's digest in the place of the manifest.
 *
 * <p>Members hold, pass on and replay entries whole; only the tree and its tiles have leaves. Which
 * of the two forms an entry has is a matter of its length alone: an entry that fits is its own
 * leaf, one that does not has a leaf by digest. So an entry has one leaf, a leaf belongs to one
 * entry (SHA-256 binds the statement that was left out), and two members that took different
 * entries have different roots.
 *
 * <p>A leaf by digest alone tells nobody what was said. Whoever is given one without its statement
 * goes no further: to replay it as something unreadable would be another opinion of the same log
 * than that of the members who were given the statement.
 */
public final class LogLeaf {
  /** A leaf is at most this long, so that an entry bundle can carry its length in 16 bits. */
  public static final int MAX_BYTES = 65_535;

  /**
   * An entry is at most this long. The longest is a manifest of 500 silos: a member takes 100 bytes
   * beside its silo's id, of at most 64; with 32 openers, two digests, a context, signature, key
   * and names of at most 64 characters it comes to 83,323.
   */
  public static final int MAX_ENTRY_BYTES = 96 * 1024;

  private static final String WHOLE = "statement";
  private static final String BY_DIGEST = "statementSha256";
  private static final byte[] MARK = BY_DIGEST.getBytes(StandardCharsets.US_ASCII);

  private LogLeaf() {}

  /**
   * The leaf of an entry.
   *
   * @throws DecodeException if it is none: a leaf by digest without its statement, or longer than a
   *     leaf without being a manifest
   */
  public static byte[] of(byte[] entry) throws DecodeException {
    if (entry.length <= MAX_BYTES) {
      Optional<Digest> missing = statementOf(entry);
      if (missing.isPresent()) {
        throw new DecodeException("log entry without its statement, " + missing.get());
      }
      return entry;
    }
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new DecodeException("log entry: at most " + MAX_ENTRY_BYTES + " bytes");
    }
    JsonObject whole = CanonicalJson.parseObject(entry);
    if (!whole.string("type").equals(StatementType.COHORT_FIXED.wireName())) {
      throw new DecodeException("log entry: at most " + MAX_BYTES + " bytes but for a manifest");
    }
    byte[] statement = CanonicalJson.write(whole.object(WHOLE).members());
    JsonObject.Builder leaf = JsonObject.builder();
    whole
        .members()
        .forEach((name, value) -> {
          if (!name.equals(WHOLE)) {
            leaf.putParsed(name, value);
          }
        });
    byte[] bytes = leaf.put(BY_DIGEST, Digests.sha256(statement).toString()).bytes();
    if (bytes.length > MAX_BYTES) {
      throw new DecodeException("log entry: its other fields are longer than a leaf");
    }
    return bytes;
  }

  /** The statement that a leaf names instead of holding it; empty for all other leaves. */
  public static Optional<Digest> statementOf(byte[] leaf) {
    // Nearly every leaf is told apart here: to parse each one twice would double a replay's cost.
    if (!mentions(leaf)) {
      return Optional.empty();
    }
    try {
      JsonObject o = CanonicalJson.parseObject(leaf);
      return o.has(BY_DIGEST)
              && !o.has(WHOLE)
              && o.string("type").equals(StatementType.COHORT_FIXED.wireName())
          ? Optional.of(Digest.parse(o.string(BY_DIGEST)))
          : Optional.empty();
    } catch (DecodeException itsOwnEntry) {
      // Garbage that has the word somewhere: an entry like any other that does not read.
      return Optional.empty();
    }
  }

  /**
   * The entry that a leaf by digest stands for.
   *
   * @param statement what the leaf names
   * @throws DecodeException if it is another statement, or the entry would have been its own leaf
   */
  public static byte[] entry(byte[] leaf, byte[] statement) throws DecodeException {
    Digest named =
        statementOf(leaf).orElseThrow(() -> new DecodeException("no leaf by digest was given"));
    if (!Digests.sha256(statement).equals(named)) {
      throw new DecodeException("not the statement that the log names, " + named);
    }
    JsonObject.Builder whole = JsonObject.builder();
    CanonicalJson.parseObject(leaf)
        .members()
        .forEach((name, value) -> {
          if (!name.equals(BY_DIGEST)) {
            whole.putParsed(name, value);
          }
        });
    byte[] entry = whole.put(WHOLE, CanonicalJson.parseObject(statement)).bytes();
    if (entry.length <= MAX_BYTES || !Arrays.equals(of(entry), leaf)) {
      throw new DecodeException("log entry by digest that fits a leaf whole");
    }
    return entry;
  }

  private static boolean mentions(byte[] leaf) {
    for (int at = 0; at <= leaf.length - MARK.length; at++) {
      if (Arrays.equals(leaf, at, at + MARK.length, MARK, 0, MARK.length)) {
        return true;
      }
    }
    return false;
  }
}
