package io.concordat.protocol.request;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;

/**
 * The {@code Content-Digest} field (RFC 9530 2), SHA-256 only: the digest of the body's bytes as
 * they are sent.
 */
public final class ContentDigest {
  /** The field's name. */
  public static final String FIELD = "Content-Digest";

  private static final String ALGORITHM = "sha-256";
  private static final int BYTES = 32;

  private ContentDigest() {}

  public static String write(Digest digest) {
    return ByteSequence.write(ALGORITHM, digest.bytes());
  }

  public static Digest read(String field) throws DecodeException {
    return Digest.of(ByteSequence.read(ALGORITHM, field, BYTES));
  }
}
