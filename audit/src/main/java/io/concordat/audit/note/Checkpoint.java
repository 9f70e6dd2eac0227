package io.concordat.audit.note;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import io.concordat.audit.merkle.TreeHash;
import java.nio.charset.StandardCharsets;

/**
 * The head of a log: which log, how many entries, their root. Exactly three lines; extension lines
 * are refused, because no monitor could audit what they say and ML-DSA signatures do not cover
 * them.
 *
 * <p>A checkpoint of size 0 is not required to carry the empty tree's root here: the witness has to
 * answer that lie with a code of its own, so it must be able to read it.
 */
public record Checkpoint(String origin, long size, TreeHash root) {
  /** The ML-DSA message has one byte for the origin's length. */
  public static final int MAX_ORIGIN_BYTES = 255;

  public Checkpoint {
    String fault = originFault(origin);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
    if (size < 0) {
      throw new IllegalArgumentException("a checkpoint's size is not negative");
    }
  }

  /** Reads a note's text. */
  public static Checkpoint parse(String text) throws LogFormatException {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      throw new LogFormatException(
          "checkpoint: expected exactly origin, size and root, each on a line of its own");
    }
    String fault = originFault(lines[0]);
    if (!fault.isEmpty()) {
      throw new LogFormatException("checkpoint, line 1: " + fault);
    }
    return new Checkpoint(
        lines[0],
        StrictText.decimal(lines[1], "checkpoint, line 2 (size)"),
        TreeHash.parseBase64(lines[2], "checkpoint, line 3 (root)"));
  }

  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }

  /**
   * Whether the two prove a fork by themselves: same log, same size, another root. Signed bytes are
   * never compared: two honest notes of one head differ in signatures and their times.
   */
  public boolean conflictsWith(Checkpoint other) {
    return origin.equals(other.origin) && size == other.size && !root.equals(other.root);
  }

  private static String originFault(String origin) {
    if (origin.isEmpty()) {
      return "the origin must not be empty";
    }
    if (origin.getBytes(StandardCharsets.UTF_8).length > MAX_ORIGIN_BYTES) {
      return "the origin has at most " + MAX_ORIGIN_BYTES + " bytes";
    }
    boolean plain =
        origin
            .codePoints()
            .noneMatch(
                c -> c < 0x20 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    return plain ? "" : "the origin contains no control characters";
  }
}
