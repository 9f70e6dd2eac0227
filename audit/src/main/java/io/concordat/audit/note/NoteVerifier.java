package io.concordat.audit.note;

/** Checks one raw signature. Malformed keys and signatures are false, never an exception. */
@FunctionalInterface
public interface NoteVerifier {
  boolean verify(
      SignatureType.Algorithm algorithm, byte[] publicKey, byte[] message, byte[] signature);
}
