package io.concordat.audit.receipt;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import io.concordat.audit.merkle.InclusionProof;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * One entry's place in a checkpointed log, in one file.
 *
 * @param extra opaque and unauthenticated; empty means that the line is left out
 */
public record Receipt(byte[] extra, InclusionProof proof, SignedCheckpoint checkpoint) {
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final int MAX_EXTRA_BYTES = 65_536;
  private static final int MAX_BYTES = SignedNote.MAX_BYTES + 2 * MAX_EXTRA_BYTES;

  public Receipt {
    if (proof.size() != checkpoint.checkpoint().size()) {
      throw new IllegalArgumentException(
          "a proof for size %d beside a checkpoint of size %d"
              .formatted(proof.size(), checkpoint.checkpoint().size()));
    }
    if (extra.length > MAX_EXTRA_BYTES) {
      throw new IllegalArgumentException("a receipt has at most 65,536 bytes of extra data");
    }
    extra = extra.clone();
  }

  @Override
  public byte[] extra() {
    return extra.clone();
  }

  public static Receipt parse(byte[] bytes) throws LogFormatException {
    if (bytes.length > MAX_BYTES) {
      throw new LogFormatException("receipt: at most " + MAX_BYTES + " bytes");
    }
    String text = StrictText.utf8(bytes, "receipt");
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new LogFormatException("receipt: no empty line before the checkpoint");
    }
    String[] lines = text.substring(0, blank).split("\n", -1);
    if (!lines[0].equals(HEADER)) {
      throw new LogFormatException("receipt, line 1: expected " + HEADER);
    }
    int at = 1;
    byte[] extra = new byte[0];
    if (at < lines.length && lines[at].startsWith(EXTRA)) {
      extra = StrictText.base64(lines[at].substring(EXTRA.length()), "receipt, extra");
      if (extra.length == 0 || extra.length > MAX_EXTRA_BYTES) {
        throw new LogFormatException("receipt, extra: expected 1 to 65,536 bytes, or no line");
      }
      at++;
    }
    if (at == lines.length || !lines[at].startsWith(INDEX)) {
      throw new LogFormatException("receipt, line " + (at + 1) + ": expected index and a number");
    }
    long index = StrictText.decimal(lines[at].substring(INDEX.length()), "receipt, index");
    at++;
    if (lines.length - at > InclusionProof.MAX_PATH_HASHES) {
      throw new LogFormatException("receipt: an inclusion path has at most 63 hashes");
    }
    List<TreeHash> path = new ArrayList<>();
    for (; at < lines.length; at++) {
      path.add(TreeHash.parseBase64(lines[at], "receipt, line " + (at + 1)));
    }
    SignedCheckpoint checkpoint = SignedCheckpoint.parse(text.substring(blank + 2));
    long size = checkpoint.checkpoint().size();
    if (index >= size) {
      throw new LogFormatException(
          "receipt: index %d is not in a log of %d entries".formatted(index, size));
    }
    return new Receipt(extra, new InclusionProof(index, size, path), checkpoint);
  }

  /**
   * Whether the entry stands at its index below the checkpoint's root. Who signed the checkpoint is
   * asked separately, of {@link io.concordat.audit.witness.TrustedLog}.
   */
  public boolean includes(byte[] entry) {
    return proof.verifies(TreeHash.leaf(entry), checkpoint.checkpoint().root());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Receipt that
        && Arrays.equals(extra, that.extra)
        && proof.equals(that.proof)
        && checkpoint.equals(that.checkpoint);
  }

  @Override
  public int hashCode() {
    return 31 * proof.hashCode() + checkpoint.hashCode();
  }

  public byte[] toBytes() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The receipt as it stands in its file. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(HEADER).append('\n');
    if (extra.length > 0) {
      out.append(EXTRA).append(Base64.getEncoder().encodeToString(extra)).append('\n');
    }
    out.append(INDEX).append(proof.index()).append('\n');
    proof.path().forEach(hash -> out.append(hash.base64()).append('\n'));
    return out.append('\n').append(checkpoint).toString();
  }
}
