package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/**
 * An institution stops all openings and all new rounds. One institution is enough, with its node
 * key or one of its policy keys, and the signed statement acts at a node however it gets there.
 *
 * @param number larger than that of every earlier freeze and thaw of the institution, so that none
 *     can be replayed; numbers may be left out, since whoever carries a statement may lose it
 */
public record Freeze(String institution, long number, String reason) implements Statement {
  static Freeze read(JsonObject o) throws DecodeException {
    o.only("institution", "number", "reason");
    return new Freeze(
        o.id("institution"),
        o.integer("number", 1, Fields.MAX_NUMBER),
        Texts.sentence(o, "reason"));
  }

  @Override
  public StatementType type() {
    return StatementType.FREEZE;
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
