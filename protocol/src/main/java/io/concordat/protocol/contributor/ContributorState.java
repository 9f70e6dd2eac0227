package io.concordat.protocol.contributor;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SignedStatement;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a silo keeps of one job.
 *
 * @param job its digest
 * @param verified how many openings this silo has checked and opened itself
 * @param shape the state that they lead to
 * @param seals headers by round number; a round in here is never sealed again
 * @param fingerprinted newest round whose fingerprint was stated
 * @param stopped why this silo takes no further part, if so
 */
public record ContributorState(
    Digest job,
    int verified,
    StateShape shape,
    SortedMap<Integer, SignedStatement> seals,
    int fingerprinted,
    Optional<Refusal> stopped) {
  public ContributorState {
    seals = Collections.unmodifiableSortedMap(new TreeMap<>(seals));
  }

  /** A job that the log has just taken. */
  public static ContributorState of(JobRecord record) {
    return new ContributorState(
        record.digest(), 0, record.initial(), new TreeMap<>(), 0, Optional.empty());
  }

  ContributorState sealed(int round, SignedStatement header) {
    TreeMap<Integer, SignedStatement> more = new TreeMap<>(seals);
    more.put(round, header);
    return new ContributorState(job, verified, shape, more, fingerprinted, stopped);
  }

  ContributorState advanced(StateShape next) {
    return new ContributorState(job, verified + 1, next, seals, fingerprinted, stopped);
  }

  ContributorState fingerprinted(int round) {
    return new ContributorState(job, verified, shape, seals, round, stopped);
  }

  /** Takes no further part, and says why. */
  public ContributorState stopped(Refusal why) {
    return new ContributorState(job, verified, shape, seals, fingerprinted, Optional.of(why));
  }

  public JsonObject toJson() {
    JsonObject.Builder sealed = JsonObject.builder();
    seals.forEach((round, header) -> sealed.put(Integer.toString(round), header.json()));
    JsonObject.Builder out =
        JsonObject.builder()
            .put("job", job.toString())
            .put("verified", verified)
            .put("shape", shape.toJson())
            .put("seals", sealed.build())
            .put("fingerprinted", fingerprinted);
    stopped.ifPresent(r -> out.put("stopped", r.code().text()).put("stoppedDetail", r.detail()));
    return out.build();
  }

  public static ContributorState fromJson(JsonObject o) throws DecodeException {
    TreeMap<Integer, SignedStatement> seals = new TreeMap<>();
    JsonObject sealed = o.object("seals");
    for (String round : sealed.members().keySet()) {
      seals.put(Integer.valueOf(round), SignedStatement.stored(sealed.object(round)));
    }
    Optional<Refusal> stopped = Optional.empty();
    if (o.has("stopped")) {
      stopped =
          Code.byText(o.string("stopped")).map(c -> refusal(c, o.members().get("stoppedDetail")));
    }
    return new ContributorState(
        Digest.parse(o.string("job")),
        o.smallInteger("verified", 0, Integer.MAX_VALUE),
        StateShape.fromJson(o.object("shape")),
        seals,
        o.smallInteger("fingerprinted", 0, Integer.MAX_VALUE),
        stopped);
  }

  private static Refusal refusal(Code code, @org.jspecify.annotations.Nullable Object detail) {
    return Refusal.of(code, String.valueOf(detail));
  }
}
