package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;

/**
 * A statement as it was signed: the very bytes, the key, the signature and, for what must convince
 * for decades, a second one by ML-DSA. It exists only after the signature verified and the bytes
 * read back to themselves ({@link #verify}), or because this program signed it ({@link #sign}).
 */
public final class SignedStatement {
  private final Statement statement;
  private final byte[] bytes;
  private final VerifyingKey signer;
  private final byte[] signature;
  private final Optional<MlDsaSignature> lasting;
  private final Digest digest;

  private SignedStatement(
      Statement statement,
      byte[] bytes,
      VerifyingKey signer,
      byte[] signature,
      Optional<MlDsaSignature> lasting) {
    this.lasting = lasting;
    this.statement = statement;
    this.bytes = bytes;
    this.signer = signer;
    this.signature = signature;
    this.digest =
        statement.type() == StatementType.JOB_SUBMITTED
            ? statement.digest()
            : Digests.sha256(bytes);
  }

  /** Signs a statement under its type's domain. */
  public static SignedStatement sign(Statement statement, StatementSigner signer) {
    String domain = statement.type().domain();
    byte[] signature = signer.sign(domain, statement.signedBytes());
    return new SignedStatement(
        statement,
        statement.bytes(),
        signer.key(),
        signature,
        statement.type().lasting()
            ? signer.signLasting(domain, statement.signedBytes())
            : Optional.empty());
  }

  /** {@link #verify(StatementType, byte[], VerifyingKey, byte[], Optional)} with one signature. */
  public static SignedStatement verify(
      StatementType type, byte[] bytes, VerifyingKey signer, byte[] signature)
      throws DecodeException {
    return verify(type, bytes, signer, signature, Optional.empty());
  }

  /**
   * Verifies first, parses second. Whether a second signature was needed, and whose key made it, is
   * for those to ask who know the policy.
   *
   * @param bytes the statement's canonical bytes
   * @throws DecodeException if a signature does not hold over the type's domain and these bytes, a
   *     second one stands where none belongs, or they are not the canonical form of such a
   *     statement
   */
  public static SignedStatement verify(
      StatementType type,
      byte[] bytes,
      VerifyingKey signer,
      byte[] signature,
      Optional<MlDsaSignature> lasting)
      throws DecodeException {
    if (signature.length != VerifyingKey.SIGNATURE_BYTES) {
      throw new DecodeException(type.wireName() + ": not a signature");
    }
    Statement parsed = null;
    byte[] signed = bytes;
    if (type == StatementType.JOB_SUBMITTED) {
      // The only type whose signature covers a part: the part has to be found first.
      parsed = type.read(bytes);
      signed = parsed.signedBytes();
    }
    if (!signer.verify(type.domain(), signed, signature)) {
      throw new DecodeException(type.wireName() + ": the signature does not verify");
    }
    if (lasting.isPresent() && !(type.lasting() && lasting.get().holds(type.domain(), signed))) {
      throw new DecodeException(type.wireName() + ": the ML-DSA signature does not verify");
    }
    return new SignedStatement(
        parsed == null ? type.read(bytes) : parsed,
        bytes.clone(),
        signer,
        signature.clone(),
        lasting);
  }

  /** The statement that was signed. */
  public Statement statement() {
    return statement;
  }

  /** Its type. */
  public StatementType type() {
    return statement.type();
  }

  /** Its canonical bytes, a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** SHA-256 of what was signed. */
  public Digest digest() {
    return digest;
  }

  public VerifyingKey signer() {
    return signer;
  }

  /** The signature, a copy. */
  public byte[] signature() {
    return signature.clone();
  }

  /** The second signature, if there is one. */
  public Optional<MlDsaSignature> lasting() {
    return lasting;
  }

  /** {"type","statement","signature","key","mldsa"?}: a message's and a store's form. */
  public JsonObject json() {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("type", type().wireName())
            .put("statement", bytes)
            .put("signature", signature)
            .put("key", signer.toString());
    putLasting(out);
    return out.build();
  }

  /** Adds {@code "mldsa": {"key","signature"}} where there is a second signature. */
  public void putLasting(JsonObject.Builder out) {
    lasting.ifPresent(second -> out.put("mldsa", LastingForm.json(second)));
  }

  /** Reads {@link #json} and verifies. */
  public static SignedStatement read(JsonObject o) throws DecodeException {
    return verify(
        StatementType.of(o.string("type")),
        o.bytes("statement"),
        VerifyingKey.parse(o.string("key")),
        o.bytes("signature"),
        LastingForm.read(o));
  }

  /** Reads what this program stored itself; anything wrong with it is a bug or a broken disk. */
  public static SignedStatement stored(JsonObject o) {
    try {
      StatementType type = StatementType.of(o.string("type"));
      byte[] bytes = o.bytes("statement");
      return new SignedStatement(
          type.read(bytes),
          bytes,
          VerifyingKey.parse(o.string("key")),
          o.bytes("signature"),
          LastingForm.read(o));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored statement does not read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof SignedStatement that
        && type() == that.type()
        && Arrays.equals(bytes, that.bytes)
        && signer.equals(that.signer)
        && Arrays.equals(signature, that.signature)
        && lasting.equals(that.lasting);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return type().wireName() + " " + digest();
  }
}
