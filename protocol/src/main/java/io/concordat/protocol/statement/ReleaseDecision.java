package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * An institution's word on a job's result, made on its own node before the job's last opening:
 * afterwards every member knows the sum, and there is nothing left to decide.
 */
public record ReleaseDecision(Kind kind, Digest job, String institution, String reason)
    implements Statement {
  /** For or against. */
  public enum Kind {
    APPROVED,
    REJECTED
  }

  static ReleaseDecision read(JsonObject o, Kind kind) throws DecodeException {
    o.only("job", "institution", "reason");
    return new ReleaseDecision(
        kind, Fields.digest(o, "job"), o.id("institution"), Texts.sentence(o, "reason"));
  }

  @Override
  public StatementType type() {
    return kind == Kind.APPROVED ? StatementType.RELEASE_APPROVED : StatementType.RELEASE_REJECTED;
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
