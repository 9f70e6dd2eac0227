package io.concordat.client.command;

import io.concordat.crypto.sign.SigningKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A job file and its submitter's signature over exactly its bytes.
 *
 * @param text the file
 * @param submitter the submitter's public key, {@code ed25519:...}
 * @param signature base64url without padding
 */
public record SignedJobFile(String text, String submitter, String signature) {
  /** A job travels whole inside a log entry, so it must be far smaller than one. */
  private static final int MOST_BYTES = 48 * 1024;

  /** Reads and signs a job file. */
  public static SignedJobFile sign(Path file, SigningKey key)
      throws IOException, InvalidInputException {
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw new InvalidInputException(
          file + ": " + size + " bytes; a job file has at most " + MOST_BYTES);
    }
    return sign(Files.readAllBytes(file), file.toString(), key);
  }

  /** Signs the bytes of a job file; {@code name} is for error messages. */
  public static SignedJobFile sign(byte[] bytes, String name, SigningKey key)
      throws InvalidInputException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(name + ": not UTF-8 text", e);
    }
    byte[] signature = key.sign("concordat/job/1", bytes);
    return new SignedJobFile(
        text,
        key.verifyingKey().toString(),
        Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
  }
}
