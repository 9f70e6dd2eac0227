package io.concordat.protocol.contributor;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SignedStatement;
import java.util.Optional;

/**
 * What a silo keeps of one job.
 *
 * @param job its digest
 * @param verified how many openings this silo has checked and opened itself
 * @param shape the state that they lead to
 * @param seal the newest seal; neither its round nor an earlier one is ever sealed again
 * @param fingerprinted newest round whose fingerprint was stated
 * @param stopped why this silo takes no further part, if so
 */
public record ContributorState(
    Digest job,
    int verified,
    StateShape shape,
    Optional<Seal> seal,
    int fingerprinted,
    Optional<Refusal> stopped) {

  /** A round that was sealed, by its number, and the header that was signed for it. */
  public record Seal(int round, SignedStatement header) {}

  /** A job that the log has just taken. */
  public static ContributorState of(JobRecord record) {
    return new ContributorState(
        record.digest(), 0, record.initial(), Optional.empty(), 0, Optional.empty());
  }

  ContributorState sealed(int round, SignedStatement header) {
    return new ContributorState(
        job, verified, shape, Optional.of(new Seal(round, header)), fingerprinted, stopped);
  }

  /** Whether this round, or one after it, was sealed. */
  boolean hasSealed(int round) {
    return seal.isPresent() && seal.get().round() >= round;
  }

  /** The header that was sealed for this round, while it is the newest. */
  Optional<SignedStatement> header(int round) {
    return seal.filter(s -> s.round() == round).map(Seal::header);
  }

  ContributorState advanced(StateShape next) {
    return new ContributorState(job, verified + 1, next, seal, fingerprinted, stopped);
  }

  ContributorState fingerprinted(int round) {
    return new ContributorState(job, verified, shape, seal, round, stopped);
  }

  /** Takes no further part, and says why. */
  public ContributorState stopped(Refusal why) {
    return new ContributorState(job, verified, shape, seal, fingerprinted, Optional.of(why));
  }

  public JsonObject toJson() {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("job", job.toString())
            .put("verified", verified)
            .put("shape", shape.toJson())
            .put("fingerprinted", fingerprinted);
    seal.ifPresent(s -> out.put("sealed", s.round()).put("header", s.header().json()));
    stopped.ifPresent(r -> out.put("stopped", r.code().text()).put("stoppedDetail", r.detail()));
    return out.build();
  }

  public static ContributorState fromJson(JsonObject o) throws DecodeException {
    Optional<Seal> seal =
        o.has("sealed")
            ? Optional.of(
                new Seal(
                    o.smallInteger("sealed", 1, Integer.MAX_VALUE),
                    SignedStatement.stored(o.object("header"))))
            : Optional.empty();
    Optional<Refusal> stopped = Optional.empty();
    if (o.has("stopped")) {
      stopped =
          Code.byText(o.string("stopped")).map(c -> refusal(c, o.members().get("stoppedDetail")));
    }
    return new ContributorState(
        Digest.parse(o.string("job")),
        o.smallInteger("verified", 0, Integer.MAX_VALUE),
        StateShape.fromJson(o.object("shape")),
        seal,
        o.smallInteger("fingerprinted", 0, Integer.MAX_VALUE),
        stopped);
  }

  private static Refusal refusal(Code code, @org.jspecify.annotations.Nullable Object detail) {
    return Refusal.of(code, String.valueOf(detail));
  }
}
