package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/**
 * An institution agrees that a freeze ends; it ends when the policy's threshold of institutions
 * does.
 *
 * @param number counts on with the institution's freezes
 * @param freeze place in the log of the newest freeze. A thaw that somebody held back lifts no
 *     later one.
 */
public record Thaw(String institution, long number, long freeze, String reason)
    implements Statement {
  static Thaw read(JsonObject o) throws DecodeException {
    o.only("institution", "number", "freeze", "reason");
    return new Thaw(
        o.id("institution"),
        o.integer("number", 1, Fields.MAX_NUMBER),
        o.integer("freeze", 1, Fields.MAX_NUMBER),
        Texts.sentence(o, "reason"));
  }

  @Override
  public StatementType type() {
    return StatementType.THAW;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("institution", institution)
        .put("number", number)
        .put("freeze", freeze)
        .put("reason", reason)
        .build();
  }
}
