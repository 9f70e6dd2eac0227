package io.concordat.audit.note;

import java.util.Optional;

/** The signature types of c2sp.org/signed-note that this log speaks, with their exact lengths. */
public enum SignatureType {
  /** The log's own signature over the note's text. */
  ED25519(0x01, Algorithm.ED25519, false),
  /** A witness' dated cosignature over the text. */
  COSIGNATURE_V1(0x04, Algorithm.ED25519, true),
  /** A dated signature over name, origin, size and root that outlives Ed25519. */
  ML_DSA_44_SUBTREE(0x06, Algorithm.ML_DSA_44, true);

  /** The mathematics below a type; lengths in bytes. */
  public enum Algorithm {
    ED25519(32, 64),
    ML_DSA_44(1312, 2420);

    private final int publicKeyBytes;
    private final int signatureBytes;

    Algorithm(int publicKeyBytes, int signatureBytes) {
      this.publicKeyBytes = publicKeyBytes;
      this.signatureBytes = signatureBytes;
    }

    public int publicKeyBytes() {
      return publicKeyBytes;
    }

    public int signatureBytes() {
      return signatureBytes;
    }
  }

  private static final int TIMESTAMP_BYTES = 8;

  private final int code;
  private final Algorithm algorithm;
  private final boolean dated;

  SignatureType(int code, Algorithm algorithm, boolean dated) {
    this.code = code;
    this.algorithm = algorithm;
    this.dated = dated;
  }

  /** The byte in key lines and key ids. */
  public byte code() {
    return (byte) code;
  }

  public Algorithm algorithm() {
    return algorithm;
  }

  /** Whether the signature starts with the u64 second at which it was made. */
  public boolean dated() {
    return dated;
  }

  /** Length after the key id, timestamp included. */
  public int signatureBytes() {
    return algorithm.signatureBytes() + (dated ? TIMESTAMP_BYTES : 0);
  }

  static Optional<SignatureType> ofCode(byte code) {
    for (SignatureType type : values()) {
      if (type.code() == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
