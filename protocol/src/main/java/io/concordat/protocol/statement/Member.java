package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * One contribution of a cohort.
 *
 * @param silo its institution's id
 * @param contribution SHA-256 of the header statement's bytes
 */
public record Member(String silo, Digest contribution) {
  static Member read(JsonObject o) throws DecodeException {
    o.only("silo", "contribution");
    return new Member(o.id("silo"), Fields.digest(o, "contribution"));
  }

  JsonObject json() {
    return JsonObject.builder()
        .put("silo", silo)
        .put("contribution", contribution.toString())
        .build();
  }
}
