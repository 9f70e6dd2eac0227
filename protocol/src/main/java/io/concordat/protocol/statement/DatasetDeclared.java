package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/**
 * A silo's declaration of a dataset it holds under the policy's schema. The number of patients is
 * public and fixed from here on; the layout's bits come from the policy's ceiling, not from it.
 */
public record DatasetDeclared(String dataset, String silo, long patients) implements Statement {
  static DatasetDeclared read(JsonObject o) throws DecodeException {
    o.only("dataset", "silo", "patients");
    return new DatasetDeclared(o.id("dataset"), o.id("silo"), o.integer("patients", 0, 1L << 40));
  }

  @Override
  public StatementType type() {
    return StatementType.DATASET_DECLARED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("dataset", dataset)
        .put("silo", silo)
        .put("patients", patients)
        .build();
  }
}
