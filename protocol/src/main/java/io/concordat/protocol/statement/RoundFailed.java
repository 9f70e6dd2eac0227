package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import java.util.List;

/**
 * A round whose key sum came together but whose plaintext was not acceptable. Both kinds are
 * charged; a spoiled round stops the job.
 *
 * @param manifest digest of the manifest
 * @param answers positions of the holders that had answered
 * @param reason in words, for the officers
 */
public record RoundFailed(Kind kind, Digest manifest, List<Integer> answers, String reason)
    implements Statement {
  /** Which of the two. */
  public enum Kind {
    /** A noised sum left its slots: nobody is blamed. */
    OVERFLOW,
    /** No subset of the answers opens the sum, or an exact sum broke its bounds. */
    SPOILED
  }

  public RoundFailed {
    answers = List.copyOf(answers);
  }

  static RoundFailed read(JsonObject o, Kind kind) throws DecodeException {
    o.only("manifest", "answers", "reason");
    return new RoundFailed(
        kind,
        Fields.digest(o, "manifest"),
        Fields.positions(o, "answers"),
        Texts.sentence(o, "reason"));
  }

  @Override
  public StatementType type() {
    return kind == Kind.OVERFLOW ? StatementType.ROUND_OVERFLOW : StatementType.ROUND_SPOILED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("manifest", manifest.toString())
        .put("answers", answers)
        .put("reason", reason)
        .build();
  }
}
