package io.concordat.aggregator.log;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureLine;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSigner;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementSigner;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Signs with the log's key what leaves the federation: checkpoints that somebody takes away, and
 * releases. Both carry ML-DSA beside Ed25519, where the policy names such keys.
 *
 * <p>A round needs about seven checkpoints, each for milliseconds only, and an ML-DSA signature
 * costs more than all Ed25519 signatures of a round together. So the core signs every checkpoint
 * with Ed25519, and here the second signature is added when somebody asks for one to keep.
 */
public final class LogSigner {
  private final SigningKey key;
  private final MlDsaSigner checkpoints;

  /** The last note that was asked for and what became of it; polls repeat the same question. */
  private Optional<Answer> last = Optional.empty();

  private record Answer(String asked, String signed) {}

  /**
   * @param key the log's, whose life this object shares
   */
  public LogSigner(SigningKey key) {
    this.key = key;
    this.checkpoints = key.mlDsa(MlDsaKey.Level.ML_DSA_44);
  }

  /**
   * Whether these rules name ML-DSA keys that are not this log's, in a sentence: heads and releases
   * could never be signed as they ask.
   */
  public Optional<String> misfit(FederationRules rules) {
    if (rules
        .lasting()
        .checkpoints()
        .filter(k -> !Arrays.equals(k.publicKey(), checkpoints.key().bytes()))
        .isPresent()) {
      return Optional.of("log.keys names another ML-DSA-44 key than this log's");
    }
    Optional<Digest> own = key.publicKeys().quantum();
    return rules.lasting().releases().filter(k -> !own.equals(Optional.of(k))).isPresent()
        ? Optional.of("log.releaseKey names another key than this log's")
        : Optional.empty();
  }

  /** The note with the log's ML-DSA-44 signature, if these rules name this log's own key for it. */
  public synchronized String lasting(String note, FederationRules rules, Instant now) {
    Optional<NoteKey> named =
        rules
            .lasting()
            .checkpoints()
            .filter(k -> Arrays.equals(k.publicKey(), checkpoints.key().bytes()));
    if (note.isEmpty() || named.isEmpty()) {
      return note;
    }
    if (last.isEmpty() || !last.get().asked().equals(note)) {
      last = Optional.of(new Answer(note, sign(note, named.get(), now)));
    }
    return last.get().signed();
  }

  private String sign(String note, NoteKey as, Instant now) {
    try {
      SignedCheckpoint signed = SignedCheckpoint.parse(note);
      SignatureLine line =
          CheckpointSignatures.sign(as, checkpoints::signForeign, signed.checkpoint(), now);
      return signed.with(List.of(line)).toString();
    } catch (LogFormatException ours) {
      throw new InvariantViolation("our own checkpoint does not read", ours);
    }
  }

  /** A statement in the aggregator's name. */
  public SignedStatement sign(Statement statement) {
    return SignedStatement.sign(statement, StatementSigner.of(key));
  }
}
