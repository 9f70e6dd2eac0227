package io.concordat.crypto.sign;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import java.util.Base64;
import java.util.Optional;

/**
 * What a policy names of one signer: its Ed25519 key and, where there is one, the fingerprint of
 * the ML-DSA-65 key that has to sign beside it. In text {@code ed25519:<base64url>}, or {@code
 * ed25519:<base64url>+mldsa65:<base64url of the fingerprint>}.
 *
 * @param classic the Ed25519 key
 * @param quantum SHA-256 of the ML-DSA-65 key; empty where Ed25519 alone is asked for
 */
public record PublicKeys(VerifyingKey classic, Optional<Digest> quantum) {
  private static final String JOINT = "+";
  private static final String PREFIX = "mldsa65:";

  /** Reads the text form; only the one canonical spelling is accepted. */
  public static PublicKeys parse(String text) throws DecodeException {
    int joint = text.indexOf(JOINT);
    return joint < 0
        ? new PublicKeys(VerifyingKey.parse(text), Optional.empty())
        : new PublicKeys(
            VerifyingKey.parse(text.substring(0, joint)),
            Optional.of(parseQuantum(text.substring(joint + 1))));
  }

  /** Reads {@code mldsa65:<base64url of a fingerprint>}. */
  public static Digest parseQuantum(String text) throws DecodeException {
    String fault = "expected \"mldsa65:\" and 43 characters of base64url";
    if (!text.startsWith(PREFIX)) {
      throw new DecodeException(fault);
    }
    try {
      byte[] raw = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
      if (raw.length == Digest.BYTES && quantumText(Digest.of(raw)).equals(text)) {
        return Digest.of(raw);
      }
    } catch (IllegalArgumentException e) {
      throw new DecodeException(fault, e);
    }
    throw new DecodeException(fault);
  }

  /** The text of an ML-DSA-65 key's fingerprint. */
  public static String quantumText(Digest fingerprint) {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(fingerprint.bytes());
  }

  @Override
  public String toString() {
    return quantum.map(q -> classic + JOINT + quantumText(q)).orElse(classic.toString());
  }
}
