package io.concordat.audit.note;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/** One signature below a note: {@code U+2014 name base64(key id || signature)}. */
public final class SignatureLine {
  private static final String DASH = "\u2014 ";
  private static final int KEY_ID_BYTES = 4;

  private final String name;
  private final int keyId;
  private final byte[] signature;

  private SignatureLine(String name, int keyId, byte[] signature) {
    this.name = name;
    this.keyId = keyId;
    this.signature = signature;
  }

  static SignatureLine of(NoteKey key, byte[] signature) {
    if (signature.length != key.type().signatureBytes()) {
      throw new IllegalArgumentException(
          "a signature of type %s has %d bytes, not %d"
              .formatted(key.type(), key.type().signatureBytes(), signature.length));
    }
    return new SignatureLine(key.name(), key.id(), signature.clone());
  }

  /** Reads one line, with or without its final newline. */
  public static SignatureLine parse(String line) throws LogFormatException {
    String text = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
    if (!text.startsWith(DASH)) {
      throw new LogFormatException("signature line: expected an em dash and a space first");
    }
    int space = text.indexOf(' ', DASH.length());
    if (space < 0) {
      throw new LogFormatException("signature line: expected a name, a space and base64");
    }
    String name = text.substring(DASH.length(), space);
    String fault = KeyNames.fault(name).orElse("");
    if (!fault.isEmpty()) {
      throw new LogFormatException("signature line: " + fault);
    }
    byte[] bytes = StrictText.base64(text.substring(space + 1), "signature line");
    if (bytes.length <= KEY_ID_BYTES) {
      throw new LogFormatException("signature line: expected a key id and a signature");
    }
    return new SignatureLine(
        name,
        ByteBuffer.wrap(bytes).getInt(),
        Arrays.copyOfRange(bytes, KEY_ID_BYTES, bytes.length));
  }

  public String name() {
    return name;
  }

  public int keyId() {
    return keyId;
  }

  /** What follows the key id, timestamp included where the type has one. */
  public byte[] signature() {
    return signature.clone();
  }

  /** The line with its final newline. */
  public String line() {
    byte[] bytes = new byte[KEY_ID_BYTES + signature.length];
    ByteBuffer.wrap(bytes).putInt(keyId).put(signature);
    return DASH + name + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignatureLine that
        && keyId == that.keyId
        && name.equals(that.name)
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + keyId) + Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "SignatureLine[" + name + "+%08x]".formatted(keyId);
  }
}
