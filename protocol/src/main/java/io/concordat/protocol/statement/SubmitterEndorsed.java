package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.JsonObject;

/** An institution vouches for the key with which one of its people signs jobs. */
public record SubmitterEndorsed(VerifyingKey submitter, String name, String institution)
    implements Statement {
  static SubmitterEndorsed read(JsonObject o) throws DecodeException {
    o.only("submitter", "name", "institution");
    return new SubmitterEndorsed(
        Fields.key(o, "submitter"), Texts.sentence(o, "name"), o.id("institution"));
  }

  @Override
  public StatementType type() {
    return StatementType.SUBMITTER_ENDORSED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("submitter", submitter.toString())
        .put("name", name)
        .put("institution", institution)
        .build();
  }
}
