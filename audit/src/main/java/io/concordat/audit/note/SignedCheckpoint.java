package io.concordat.audit.note;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import java.util.List;

/** A checkpoint with the signatures it arrived with, none of them checked yet. */
public record SignedCheckpoint(Checkpoint checkpoint, List<SignatureLine> signatures) {
  public SignedCheckpoint {
    // The note's constructor holds the bounds on signatures.
    signatures = new SignedNote(checkpoint.text(), signatures).signatures();
  }

  public static SignedCheckpoint parse(byte[] bytes) throws LogFormatException {
    SignedNote note = SignedNote.parse(bytes);
    return new SignedCheckpoint(Checkpoint.parse(note.text()), note.signatures());
  }

  public static SignedCheckpoint parse(String text) throws LogFormatException {
    return parse(StrictText.utf8(text, "checkpoint"));
  }

  public SignedCheckpoint with(List<SignatureLine> more) {
    return new SignedCheckpoint(checkpoint, note().with(more).signatures());
  }

  public SignedNote note() {
    return new SignedNote(checkpoint.text(), signatures);
  }

  public byte[] toBytes() {
    return note().toBytes();
  }

  /** The note as it stands in files. */
  @Override
  public String toString() {
    return note().toString();
  }
}
