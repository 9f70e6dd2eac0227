package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * The first entry of a log: which federation it belongs to and the policy it begins under.
 *
 * @param policy SHA-256 of the policy file's bytes
 */
public record Genesis(String federation, long version, Digest policy) implements Statement {
  static Genesis read(JsonObject o) throws DecodeException {
    o.only("federation", "version", "policy");
    return new Genesis(
        o.id("federation"), o.integer("version", 1, Fields.MAX_ROUND), Fields.digest(o, "policy"));
  }

  @Override
  public StatementType type() {
    return StatementType.GENESIS;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("federation", federation)
        .put("version", version)
        .put("policy", policy.toString())
        .build();
  }
}
