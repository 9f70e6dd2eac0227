package io.concordat.audit.note;

/** Signs exact bytes with one key that stays with whoever made this function. */
@FunctionalInterface
public interface NoteSigner {
  /** A raw signature: 64 bytes for Ed25519, 2,420 for ML-DSA-44 (pure, empty context). */
  byte[] sign(byte[] message);
}
