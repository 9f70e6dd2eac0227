package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * A holder's promise to answer for this manifest and for no other of its round. It is on the
 * holder's disk and in the log before any answer exists.
 */
public record OpeningRecorded(Digest manifest, int position) implements Statement {
  static OpeningRecorded read(JsonObject o) throws DecodeException {
    o.only("manifest", "position");
    return new OpeningRecorded(Fields.digest(o, "manifest"), Fields.position(o));
  }

  @Override
  public StatementType type() {
    return StatementType.OPENING_RECORDED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("manifest", manifest.toString())
        .put("position", position)
        .build();
  }
}
