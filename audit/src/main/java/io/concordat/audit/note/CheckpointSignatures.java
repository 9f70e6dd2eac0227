package io.concordat.audit.note;

import io.concordat.audit.merkle.TreeHash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** The three messages that are signed about a checkpoint, and how signatures are made over them. */
public final class CheckpointSignatures {
  private static final byte[] SUBTREE_LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);
  private static final int TIMESTAMP_BYTES = 8;

  private CheckpointSignatures() {}

  /** Signs; the time goes into dated types and is ignored by {@link SignatureType#ED25519}. */
  public static SignatureLine sign(
      NoteKey key, NoteSigner signer, Checkpoint checkpoint, Instant time) {
    if (!key.type().dated()) {
      return SignatureLine.of(key, signer.sign(undated(checkpoint)));
    }
    long second = time.getEpochSecond();
    if (second <= 0) {
      // Zero is the format's way of not saying when, and then a cosignature claims nothing.
      throw new IllegalArgumentException("a cosignature is dated after 1970, not " + time);
    }
    byte[] raw = signer.sign(dated(key, checkpoint, second));
    byte[] signature = new byte[TIMESTAMP_BYTES + raw.length];
    ByteBuffer.wrap(signature).putLong(second).put(raw);
    return SignatureLine.of(key, signature);
  }

  /** The exact bytes a key of this type signs. */
  public static byte[] message(NoteKey key, Checkpoint checkpoint, Instant time) {
    return key.type().dated() ? dated(key, checkpoint, time.getEpochSecond()) : undated(checkpoint);
  }

  /** Empty unless the line is a good signature by this key. */
  static Optional<VerifiedSignature> verify(
      NoteKey key, SignatureLine line, Checkpoint checkpoint, NoteVerifier verifier) {
    byte[] signature = line.signature();
    if (signature.length != key.type().signatureBytes()) {
      return Optional.empty();
    }
    SignatureType.Algorithm algorithm = key.type().algorithm();
    if (!key.type().dated()) {
      return verifier.verify(algorithm, key.publicKey(), undated(checkpoint), signature)
          ? Optional.of(new VerifiedSignature(key, OptionalLong.empty()))
          : Optional.empty();
    }
    long second = ByteBuffer.wrap(signature).getLong();
    // Negative is beyond the format's 2^63 - 1; zero would not claim "the largest tree I saw".
    if (second <= 0) {
      return Optional.empty();
    }
    byte[] raw = Arrays.copyOfRange(signature, TIMESTAMP_BYTES, signature.length);
    return verifier.verify(algorithm, key.publicKey(), dated(key, checkpoint, second), raw)
        ? Optional.of(new VerifiedSignature(key, OptionalLong.of(second)))
        : Optional.empty();
  }

  private static byte[] undated(Checkpoint checkpoint) {
    return checkpoint.text().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] dated(NoteKey key, Checkpoint checkpoint, long second) {
    return switch (key.type()) {
      case ED25519 -> throw new IllegalArgumentException("type 0x01 has no time");
      case COSIGNATURE_V1 ->
          ("cosignature/v1\ntime " + second + "\n" + checkpoint.text())
              .getBytes(StandardCharsets.UTF_8);
      case ML_DSA_44_SUBTREE ->
          subtree(key.name(), second, checkpoint.origin(), checkpoint.size(), checkpoint.root());
    };
  }

  /**
   * The {@code cosigned_message} of c2sp.org/tlog-cosignature for a whole tree: start is 0 and end
   * the size. Names and origins are at most 255 bytes by their own constructors.
   */
  private static byte[] subtree(String name, long second, String origin, long size, TreeHash root) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SUBTREE_LABEL);
    opaque8(out, name);
    u64(out, second);
    opaque8(out, origin);
    u64(out, 0);
    u64(out, size);
    out.writeBytes(root.bytes());
    return out.toByteArray();
  }

  private static void opaque8(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private static void u64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
  }
}
