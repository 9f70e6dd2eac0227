package io.concordat.audit.note;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A public key under the name it signs with. Its text form is the key line {@code
 * name+hex(id)+base64(type || public key)}.
 */
public final class NoteKey {
  private final String name;
  private final SignatureType type;
  private final byte[] publicKey;
  private final int id;

  private NoteKey(String name, SignatureType type, byte[] publicKey) {
    this.name = name;
    this.type = type;
    this.publicKey = publicKey;
    this.id = idOf(name, type, publicKey);
  }

  public static NoteKey of(String name, SignatureType type, byte[] publicKey) {
    KeyNames.fault(name)
        .ifPresent(fault -> {
          throw new IllegalArgumentException(fault);
        });
    if (publicKey.length != type.algorithm().publicKeyBytes()) {
      throw new IllegalArgumentException(
          "a public key of type %s has %d bytes, not %d"
              .formatted(type, type.algorithm().publicKeyBytes(), publicKey.length));
    }
    return new NoteKey(name, type, publicKey.clone());
  }

  /** Reads a key line. The id in it must be the one its key has. */
  public static NoteKey parse(String line) throws LogFormatException {
    // Base64 may contain plus signs as well; only the first two separate.
    String[] parts = line.split("\\+", 3);
    if (parts.length != 3) {
      throw new LogFormatException("key line: expected name+id+key");
    }
    String fault = KeyNames.fault(parts[0]).orElse("");
    if (!fault.isEmpty()) {
      throw new LogFormatException("key line: " + fault);
    }
    byte[] material = StrictText.base64(parts[2], "key line, key");
    if (material.length == 0) {
      throw new LogFormatException("key line: the key is empty");
    }
    SignatureType type =
        SignatureType.ofCode(material[0])
            .orElseThrow(() ->
                new LogFormatException(
                    "key line: unknown signature type 0x%02x".formatted(material[0])));
    if (material.length != 1 + type.algorithm().publicKeyBytes()) {
      throw new LogFormatException(
          "key line: a public key of type %s has %d bytes, found %d"
              .formatted(type, type.algorithm().publicKeyBytes(), material.length - 1));
    }
    NoteKey key = new NoteKey(parts[0], type, Arrays.copyOfRange(material, 1, material.length));
    if (!parts[1].equals(key.idHex())) {
      throw new LogFormatException("key line: the key id does not belong to name and key");
    }
    return key;
  }

  public String name() {
    return name;
  }

  public SignatureType type() {
    return type;
  }

  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** First four bytes of SHA-256(name || LF || type || public key), big-endian. */
  public int id() {
    return id;
  }

  /** Whether both carry the same public key of the same algorithm, under whatever name. */
  public boolean sharesKeyWith(NoteKey other) {
    return type.algorithm() == other.type.algorithm() && Arrays.equals(publicKey, other.publicKey);
  }

  /** The key line. */
  public String line() {
    byte[] material = new byte[1 + publicKey.length];
    material[0] = type.code();
    System.arraycopy(publicKey, 0, material, 1, publicKey.length);
    return name + "+" + idHex() + "+" + Base64.getEncoder().encodeToString(material);
  }

  boolean made(SignatureLine line) {
    return id == line.keyId() && name.equals(line.name());
  }

  private String idHex() {
    return HexFormat.of().toHexDigits(id);
  }

  private static int idOf(String name, SignatureType type, byte[] publicKey) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
      digest.update(type.code());
      return ByteBuffer.wrap(digest.digest(publicKey)).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteKey key
        && name.equals(key.name)
        && type == key.type
        && Arrays.equals(publicKey, key.publicKey);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + id;
  }

  @Override
  public String toString() {
    return name + "+" + idHex();
  }
}
