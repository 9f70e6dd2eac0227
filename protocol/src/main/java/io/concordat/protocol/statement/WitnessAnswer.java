package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;

/**
 * The answer to an inquiry: the newest size the answering witness has cosigned, and the root there.
 *
 * @param asker the witness that asked
 * @param nonce its nonce
 * @param root the tree's root at that size, in lower-case hexadecimal
 */
public record WitnessAnswer(String witness, String asker, String nonce, long size, String root)
    implements Statement {
  static WitnessAnswer read(JsonObject o) throws DecodeException {
    o.only("witness", "asker", "nonce", "size", "root");
    return new WitnessAnswer(
        o.id("witness"),
        o.id("asker"),
        java.util.HexFormat.of().formatHex(o.hex("nonce", "", 32)),
        o.integer("size", 0, 1L << 52),
        java.util.HexFormat.of().formatHex(o.hex("root", "", 32)));
  }

  @Override
  public StatementType type() {
    return StatementType.WITNESS_ANSWER;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("witness", witness)
        .put("asker", asker)
        .put("nonce", nonce)
        .put("size", size)
        .put("root", root)
        .build();
  }
}
