package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/** An institution's word on a job, made on its own node and signed with its node key. */
public record JobDecision(Kind kind, Digest job, String institution, String reason)
    implements Statement {
  /** For or against. */
  public enum Kind {
    APPROVED,
    REJECTED
  }

  static JobDecision read(JsonObject o, Kind kind) throws DecodeException {
    o.only("job", "institution", "reason");
    return new JobDecision(
        kind, Fields.digest(o, "job"), o.id("institution"), Texts.sentence(o, "reason"));
  }

  @Override
  public StatementType type() {
    return kind == Kind.APPROVED ? StatementType.JOB_APPROVED : StatementType.JOB_REJECTED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("job", job.toString())
        .put("institution", institution)
        .put("reason", reason)
        .build();
  }
}
