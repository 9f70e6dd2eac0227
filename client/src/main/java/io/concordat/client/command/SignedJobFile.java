package io.concordat.client.command;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.job.JobNonce;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.refusal.RefusedException;
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
  private static final int MOST_BYTES = JobReader.MAX_BYTES;

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

  /**
   * Reads a job file as the federation will, gives it a nonce if it has none (which makes two
   * submissions of one wish two jobs), and signs its bytes; {@code name} is for error messages.
   */
  public static SignedJobFile sign(byte[] bytes, String name, SigningKey key)
      throws InvalidInputException {
    byte[] file =
        read(bytes, name).nonce().isPresent() ? bytes : JobNonce.add(bytes, new SystemRandomness());
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(name + ": not UTF-8 text", e);
    }
    byte[] signature = key.sign("concordat/job/1", file);
    return new SignedJobFile(
        text,
        key.verifyingKey().toString(),
        Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
  }

  private static JobSpecification read(byte[] bytes, String name) throws InvalidInputException {
    try {
      return JobReader.read(name, bytes).orThrow();
    } catch (RefusedException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }
}
