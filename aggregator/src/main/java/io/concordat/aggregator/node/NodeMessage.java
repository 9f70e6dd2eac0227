package io.concordat.aggregator.node;

import io.concordat.aggregator.intake.Intake;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signed statement with the bulk that belongs to it, or a cosignature.
 *
 * @param id the node's own name for it, under which a poll's reply says what became of it; not
 *     needed where the message comes alone
 * @param statement base64url of the signed bytes
 * @param mldsa beside what must convince for decades
 * @param attachments base64url each; boxes in the header's order and then, if it is small, the
 *     ciphertext
 */
public record NodeMessage(
    @Nullable String id,
    @Nullable String type,
    @Nullable String statement,
    @Nullable String signature,
    @Nullable String key,
    @Nullable SecondSignature mldsa,
    @Nullable List<String> attachments) {
  /** Most boxes, and a ciphertext. */
  private static final int MAX_ATTACHMENTS = 33;

  private static final int MAX_ID = 300;

  /** An ML-DSA-65 signature with its key, base64url both. */
  public record SecondSignature(@Nullable String key, @Nullable String signature) {}

  /**
   * What the core is to be told.
   *
   * @param institution who sent it
   * @throws ProblemException if it is not a statement that its signer made
   */
  List<AggregatorEvent> events(String institution, Intake intake) throws IOException {
    byte[] bytes = base64("statement", statement);
    if ("cosignature".equals(type)) {
      return List.of(
          new AggregatorEvent.CosignatureArrived(
              institution, new String(bytes, StandardCharsets.UTF_8)));
    }
    List<byte[]> bulk = bulk();
    SignedStatement signed = verify(bytes);
    List<AggregatorEvent> events = new ArrayList<>();
    if (signed.statement() instanceof ContributionHeader header
        && bulk.size() == header.boxes().size() + 1) {
      byte[] ciphertext = bulk.removeLast();
      events.add(new AggregatorEvent.StatementArrived(institution, signed, bulk));
      events.add(intake.whole(signed.digest(), header, ciphertext));
    } else {
      events.add(new AggregatorEvent.StatementArrived(institution, signed, bulk));
    }
    return events;
  }

  /** The id, where one is needed. */
  String named() {
    if (id == null || id.isEmpty() || id.length() > MAX_ID) {
      throw ProblemException.malformed("id", "a message has an id of 1 to " + MAX_ID + " signs");
    }
    return id;
  }

  private List<byte[]> bulk() {
    List<String> texts = attachments == null ? List.of() : attachments;
    if (texts.size() > MAX_ATTACHMENTS) {
      throw ProblemException.malformed(
          "attachments", "at most " + MAX_ATTACHMENTS + ", found " + texts.size());
    }
    List<byte[]> bulk = new ArrayList<>(texts.size());
    for (String text : texts) {
      bulk.add(base64("attachments", text));
    }
    return bulk;
  }

  private SignedStatement verify(byte[] bytes) {
    if (signature == null || key == null) {
      throw ProblemException.malformed("signature", "a statement needs signature and key");
    }
    StatementType known;
    VerifyingKey signer;
    try {
      known = StatementType.of(String.valueOf(type));
      signer = VerifyingKey.parse(key);
    } catch (DecodeException unknown) {
      throw new ProblemException(Code.STATEMENT_TYPE, "unknown type or key");
    }
    try {
      return SignedStatement.verify(known, bytes, signer, base64("signature", signature), second());
    } catch (DecodeException bad) {
      // Nodes get no decoding diagnostics: they have the same code and can run it.
      throw new ProblemException(
          Code.STATEMENT_SIGNATURE, "the signature does not hold over such a statement");
    }
  }

  private Optional<MlDsaSignature> second() throws DecodeException {
    return mldsa == null
        ? Optional.empty()
        : Optional.of(
            MlDsaSignature.of(
                base64("mldsa.key", mldsa.key()), base64("mldsa.signature", mldsa.signature())));
  }

  private static byte[] base64(String field, @Nullable String text) {
    if (text == null) {
      throw ProblemException.malformed(field, field + " is missing");
    }
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException bad) {
      throw ProblemException.malformed(field, field + " is not base64url");
    }
  }
}
