package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/**
 * An institution stops all openings, or agrees that they go on. One freezes; a thaw takes the
 * policy's threshold of institutions, each naming the freeze's place in the log.
 *
 * @param number counts the institution's freezes and thaws, so that none can be replayed
 */
public record Freeze(Kind kind, String institution, long number, String reason)
    implements Statement {
  /** Which of the two. */
  public enum Kind {
    FREEZE,
    THAW
  }

  static Freeze read(JsonObject o, Kind kind) throws DecodeException {
    o.only("institution", "number", "reason");
    return new Freeze(
        kind,
        o.id("institution"),
        o.integer("number", 1, Fields.MAX_ROUND),
        Texts.sentence(o, "reason"));
  }

  @Override
  public StatementType type() {
    return kind == Kind.FREEZE ? StatementType.FREEZE : StatementType.THAW;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("institution", institution)
        .put("number", number)
        .put("reason", reason)
        .build();
  }
}
