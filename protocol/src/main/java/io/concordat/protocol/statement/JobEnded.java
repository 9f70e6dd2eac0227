package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * The end of a job, and with it of its last round.
 *
 * @param code the refusal's or failure's stable code, unless it succeeded
 * @param result digest of the final public state, if it succeeded
 */
public record JobEnded(Digest job, Outcome outcome, Optional<String> code, Optional<Digest> result)
    implements Statement {
  /** How a job can end. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED,
    REFUSED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static JobEnded read(JsonObject o) throws DecodeException {
    o.only("job", "outcome", "code", "result");
    String text = o.string("outcome");
    Outcome outcome = null;
    for (Outcome candidate : Outcome.values()) {
      if (candidate.text().equals(text)) {
        outcome = candidate;
      }
    }
    if (outcome == null) {
      throw o.fault("outcome", "expected succeeded, failed, cancelled or refused");
    }
    if (o.has("result") != (outcome == Outcome.SUCCEEDED)
        || o.has("code") == (outcome == Outcome.SUCCEEDED)) {
      throw o.fault("result", "stands exactly where the job succeeded, a code where it did not");
    }
    return new JobEnded(
        Fields.digest(o, "job"),
        outcome,
        o.has("code") ? Optional.of(Texts.code(o, "code")) : Optional.empty(),
        o.has("result") ? Optional.of(Fields.digest(o, "result")) : Optional.empty());
  }

  @Override
  public StatementType type() {
    return StatementType.JOB_ENDED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("job", job.toString())
        .put("outcome", outcome.text())
        .putIfPresent("code", code)
        .putIfPresent("result", result.map(Digest::toString))
        .build();
  }
}
