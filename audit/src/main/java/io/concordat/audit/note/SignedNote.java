package io.concordat.audit.note;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with signatures below it. The text ends in a newline; the last empty line of the file
 * separates it from the signatures, so the text itself may hold empty lines.
 */
public record SignedNote(String text, List<SignatureLine> signatures) {
  /** Above the 16 signatures every reader has to accept, post-quantum ones included. */
  public static final int MAX_SIGNATURES = 100;

  public static final int MAX_BYTES = 1_000_000;

  public SignedNote {
    if (!text.endsWith("\n") || !plain(text)) {
      throw new IllegalArgumentException(
          "a note's text ends in a newline and has no other control characters");
    }
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new IllegalArgumentException(
          "a signed note has 1 to " + MAX_SIGNATURES + " signatures");
    }
    signatures = List.copyOf(signatures);
  }

  public static SignedNote parse(byte[] bytes) throws LogFormatException {
    if (bytes.length > MAX_BYTES) {
      throw new LogFormatException("note: at most " + MAX_BYTES + " bytes, found " + bytes.length);
    }
    String all = StrictText.utf8(bytes, "note");
    if (!plain(all)) {
      throw new LogFormatException("note: control characters other than newline");
    }
    int end = all.lastIndexOf("\n\n");
    if (end < 0) {
      throw new LogFormatException("note: no empty line before the signatures");
    }
    String below = all.substring(end + 2);
    if (below.isEmpty() || !below.endsWith("\n")) {
      throw new LogFormatException("note: expected signature lines, each ending in a newline");
    }
    String[] lines = below.substring(0, below.length() - 1).split("\n", -1);
    if (lines.length > MAX_SIGNATURES) {
      throw new LogFormatException("note: more than " + MAX_SIGNATURES + " signatures");
    }
    List<SignatureLine> signatures = new ArrayList<>(lines.length);
    for (String line : lines) {
      signatures.add(SignatureLine.parse(line));
    }
    return new SignedNote(all.substring(0, end + 1), signatures);
  }

  /** The same text with further signatures, those it has already left out. */
  public SignedNote with(List<SignatureLine> more) {
    List<SignatureLine> all = new ArrayList<>(signatures);
    for (SignatureLine line : more) {
      if (!all.contains(line)) {
        all.add(line);
      }
    }
    return new SignedNote(text, all);
  }

  public byte[] toBytes() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The note as it stands in files. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(text).append('\n');
    signatures.forEach(line -> out.append(line.line()));
    return out.toString();
  }

  private static boolean plain(String text) {
    return text.chars().allMatch(c -> c >= 0x20 || c == '\n');
  }
}
