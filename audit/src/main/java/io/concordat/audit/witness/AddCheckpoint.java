package io.concordat.audit.witness;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import io.concordat.audit.merkle.ConsistencyProof;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request to cosign (c2sp.org/tlog-witness): the size the asker believes the witness knows, a
 * consistency proof from there, the checkpoint. Nothing is checked yet but the form.
 */
public record AddCheckpoint(long oldSize, List<TreeHash> proof, SignedCheckpoint checkpoint) {
  private static final int MAX_BYTES = SignedNote.MAX_BYTES + 4096;
  private static final String OLD = "old ";

  public AddCheckpoint {
    if (oldSize < 0 || proof.size() > ConsistencyProof.MAX_PATH_HASHES) {
      throw new IllegalArgumentException("a negative old size, or more than 63 proof hashes");
    }
    proof = List.copyOf(proof);
  }

  public static AddCheckpoint parse(byte[] body) throws LogFormatException {
    if (body.length > MAX_BYTES) {
      throw new LogFormatException("add-checkpoint: at most " + MAX_BYTES + " bytes");
    }
    String text = StrictText.utf8(body, "add-checkpoint");
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new LogFormatException("add-checkpoint: no empty line before the checkpoint");
    }
    String[] lines = text.substring(0, blank).split("\n", -1);
    if (!lines[0].startsWith(OLD)) {
      throw new LogFormatException("add-checkpoint, line 1: expected old and a size");
    }
    long oldSize = StrictText.decimal(lines[0].substring(OLD.length()), "add-checkpoint, old size");
    if (lines.length - 1 > ConsistencyProof.MAX_PATH_HASHES) {
      throw new LogFormatException("add-checkpoint: more than 63 proof lines");
    }
    List<TreeHash> proof = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      proof.add(TreeHash.parseBase64(lines[i], "add-checkpoint, line " + (i + 1)));
    }
    return new AddCheckpoint(oldSize, proof, SignedCheckpoint.parse(text.substring(blank + 2)));
  }

  public byte[] toBytes() {
    StringBuilder out = new StringBuilder(OLD).append(oldSize).append('\n');
    proof.forEach(hash -> out.append(hash.base64()).append('\n'));
    return out.append('\n').append(checkpoint).toString().getBytes(StandardCharsets.UTF_8);
  }
}
