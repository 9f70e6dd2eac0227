package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import java.util.List;

/**
 * The aggregator's claim that a round opened. Nobody takes the result from it: a silo decrypts
 * itself and compares.
 *
 * @param answers positions of the t holders whose answers were used
 * @param fingerprints SHA-256 over the fingerprints in the manifest's order
 * @param keySum SHA-256 of the interpolated key sum
 * @param state digest of the next public state
 */
public record RoundOpened(
    Digest manifest, List<Integer> answers, Digest fingerprints, Digest keySum, Digest state)
    implements Statement {
  public RoundOpened {
    answers = List.copyOf(answers);
  }

  static RoundOpened read(JsonObject o) throws DecodeException {
    o.only("manifest", "answers", "fingerprints", "keySum", "state");
    return new RoundOpened(
        Fields.digest(o, "manifest"),
        Fields.positions(o, "answers"),
        Fields.digest(o, "fingerprints"),
        Fields.digest(o, "keySum"),
        Fields.digest(o, "state"));
  }

  @Override
  public StatementType type() {
    return StatementType.ROUND_OPENED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("manifest", manifest.toString())
        .put("answers", answers)
        .put("fingerprints", fingerprints.toString())
        .put("keySum", keySum.toString())
        .put("state", state.toString())
        .build();
  }
}
