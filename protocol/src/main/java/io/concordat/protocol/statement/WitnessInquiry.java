package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/**
 * A witness that has just started asks the others how far they have cosigned.
 *
 * @param nonce 32 fresh bytes in lower-case hexadecimal
 */
public record WitnessInquiry(String witness, String nonce) implements Statement {
  static WitnessInquiry read(JsonObject o) throws DecodeException {
    o.only("witness", "nonce");
    return new WitnessInquiry(
        o.id("witness"), java.util.HexFormat.of().formatHex(o.hex("nonce", "", 32)));
  }

  @Override
  public StatementType type() {
    return StatementType.WITNESS_INQUIRY;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder().put("witness", witness).put("nonce", nonce).build();
  }
}
