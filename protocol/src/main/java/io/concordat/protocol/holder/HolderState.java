package io.concordat.protocol.holder;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a holder keeps of one round. The boxes themselves are rows beside it.
 *
 * @param accepted contributions whose box was opened, checked and stored, by silo
 * @param record the manifest that this holder has promised to answer for, and no other
 * @param answered whether the answer was given
 */
public record HolderState(
    RoundContext ctx,
    SortedMap<String, Digest> accepted,
    Optional<Digest> record,
    boolean answered) {
  public HolderState {
    accepted = Collections.unmodifiableSortedMap(new TreeMap<>(accepted));
  }

  /** Nothing yet. */
  public static HolderState of(RoundContext ctx) {
    return new HolderState(ctx, new TreeMap<>(), Optional.empty(), false);
  }

  /** The list that is signed. */
  public List<Member> members() {
    List<Member> out = new ArrayList<>();
    accepted.forEach((silo, digest) -> out.add(new Member(silo, digest)));
    return out;
  }

  HolderState accept(String silo, Digest contribution) {
    TreeMap<String, Digest> more = new TreeMap<>(accepted);
    more.put(silo, contribution);
    return new HolderState(ctx, more, record, answered);
  }

  HolderState recorded(Digest manifest) {
    return new HolderState(ctx, accepted, Optional.of(manifest), answered);
  }

  HolderState answeredNow() {
    return new HolderState(ctx, accepted, record, true);
  }

  public JsonObject toJson() {
    JsonObject.Builder list = JsonObject.builder();
    accepted.forEach((silo, digest) -> list.put(silo, digest.toString()));
    return JsonObject.builder()
        .put("ctx", ctx.toString())
        .put("accepted", list.build())
        .putIfPresent("record", record.map(Digest::toString))
        .put("answered", answered)
        .build();
  }

  public static HolderState fromJson(JsonObject o) throws DecodeException {
    TreeMap<String, Digest> accepted = new TreeMap<>();
    JsonObject list = o.object("accepted");
    for (String silo : list.members().keySet()) {
      accepted.put(silo, Digest.parse(list.string(silo)));
    }
    return new HolderState(
        RoundContext.parse(o.string("ctx")),
        accepted,
        o.has("record") ? Optional.of(Digest.parse(o.string("record"))) : Optional.empty(),
        o.bool("answered"));
  }
}
