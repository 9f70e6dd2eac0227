package io.concordat.crypto.sign;

import io.concordat.crypto.bulk.Digests;

/**
 * The first 100 bits of a SHA-256, as five groups of four letters and digits that cannot be
 * misheard for one another (Crockford's base 32: no I, L, O, U): short enough for a telephone call.
 *
 * <p>100 bits hold against a second preimage, which is what an attacker in the middle needs: the
 * true side's text is fixed by a key it chose itself. They do not hold against one party making two
 * keys of its own with one fingerprint (2^50), which gains that party nothing.
 */
public record ShortFingerprint(String text) {
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int CHARACTERS = 20;

  /** The fingerprint of these bytes. */
  public static ShortFingerprint of(byte[] bytes) {
    byte[] digest = Digests.sha256(bytes).bytes();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < CHARACTERS; i++) {
      if (i > 0 && i % 4 == 0) {
        text.append('-');
      }
      int value = 0;
      for (int bit = 5 * i; bit < 5 * i + 5; bit++) {
        value = value << 1 | digest[bit >> 3] >> (7 - (bit & 7)) & 1;
      }
      text.append(ALPHABET.charAt(value));
    }
    return new ShortFingerprint(text.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
