package io.concordat.protocol.ledger;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * A public state in short: its digest and the round it asks for.
 *
 * @param digest SHA-256 of the encoded state
 * @param finished whether the job has its result; then the rest says nothing
 * @param parameters id of the parameter set of the round
 * @param values length of the vector
 * @param bits bits of a value
 */
public record StateShape(
    Digest digest, boolean finished, String parameters, long values, int bits) {
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("digest", digest.toString())
        .put("finished", finished)
        .put("parameters", parameters)
        .put("values", values)
        .put("bits", bits)
        .build();
  }

  public static StateShape fromJson(JsonObject o) throws DecodeException {
    return new StateShape(
        Digest.parse(o.string("digest")),
        o.bool("finished"),
        o.string("parameters"),
        o.integer("values", 1, 1L << 40),
        o.smallInteger("bits", 2, 62));
  }
}
