package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * A newer policy is in force from here on. It says which; that it was signed by enough institutions
 * every node checks on its own copy of the file.
 */
public record PolicyActivated(long version, Digest policy) implements Statement {
  static PolicyActivated read(JsonObject o) throws DecodeException {
    o.only("version", "policy");
    return new PolicyActivated(
        o.integer("version", 1, Fields.MAX_ROUND), Fields.digest(o, "policy"));
  }

  @Override
  public StatementType type() {
    return StatementType.POLICY_ACTIVATED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder().put("version", version).put("policy", policy.toString()).build();
  }
}
