package io.concordat.protocol.lifecycle;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.round.RoundState;
import java.util.Optional;

/**
 * What the aggregator keeps of a running job beside the log.
 *
 * @param job its digest
 * @param shape the newest public state
 * @param refused why the log would not take the job's last announcement or manifest
 * @param cancel whether a person asked for its end
 */
public record JobState(Digest job, StateShape shape, Optional<Code> refused, boolean cancel) {
  /** A job that the log has just taken. */
  public static JobState submitted(JobRecord record) {
    return new JobState(record.digest(), record.initial(), Optional.empty(), false);
  }

  /** After a round with an outcome. */
  public JobState settled(RoundState round) {
    return new JobState(job, round.result().orElse(shape), Optional.empty(), cancel);
  }

  /** After the log refused a round's entry. */
  public JobState refusedRound(Code code) {
    return new JobState(job, shape, Optional.of(code), cancel);
  }

  /** Somebody with the right to do so wants it to end. */
  public JobState cancelled() {
    return new JobState(job, shape, refused, true);
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("job", job.toString())
        .put("shape", shape.toJson())
        .putIfPresent("refused", refused.map(Code::text))
        .put("cancel", cancel)
        .build();
  }

  public static JobState fromJson(JsonObject o) throws DecodeException {
    return new JobState(
        Digest.parse(o.string("job")),
        StateShape.fromJson(o.object("shape")),
        o.optionalString("refused").flatMap(Code::byText),
        o.bool("cancel"));
  }
}
