package io.concordat.protocol.witness;

import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.witness.WitnessMemory;
import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.WitnessAnswer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a witness knows. Only the memory is stored; the inquiry begins anew with every start.
 *
 * @param memory the newest head it cosigned
 * @param nonce of the inquiry of this start
 * @param answers by witness
 * @param ready whether it may cosign
 */
public record WitnessState(
    WitnessMemory memory, String nonce, SortedMap<String, WitnessAnswer> answers, boolean ready) {
  public WitnessState {
    answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
  }

  /** A witness that has just started with this memory. */
  public static WitnessState started(WitnessMemory memory, String nonce) {
    return new WitnessState(memory, nonce, new TreeMap<>(), false);
  }

  /** The memory's row. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("origin", memory.origin())
        .put("size", memory.size())
        .put("root", memory.root().bytes())
        .build();
  }

  /** Reads {@link #toJson}. */
  public static WitnessMemory memoryFromJson(JsonObject o) throws DecodeException {
    return new WitnessMemory(
        o.string("origin"),
        o.integer("size", 0, 1L << 52),
        TreeHash.of(o.bytes("root", TreeHash.BYTES)));
  }
}
