package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * A holder's answer: the sum of its shares of the cohort's round keys.
 *
 * @param object SHA-256 of the bulk object that carries the words
 */
public record KeySumStated(Digest manifest, int position, Digest object) implements Statement {
  static KeySumStated read(JsonObject o) throws DecodeException {
    o.only("manifest", "position", "object");
    return new KeySumStated(
        Fields.digest(o, "manifest"), Fields.position(o), Fields.digest(o, "object"));
  }

  @Override
  public StatementType type() {
    return StatementType.KEY_SUM;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("manifest", manifest.toString())
        .put("position", position)
        .put("object", object.toString())
        .build();
  }
}
