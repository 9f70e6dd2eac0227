package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The aggregator's announcement of a round; the hash of its signed bytes is the round's name.
 *
 * @param federation the federation's id
 * @param policy digest of the pinned policy
 * @param job digest of the signed job
 * @param round number within the job, from 1
 * @param state digest of the public state this round starts from
 * @param parameters id of the parameter set
 * @param values length of the vector
 * @param bits bits of each value
 * @param maxCohort largest cohort; fixes the slot width and the scale
 * @param roster the silos that may take part, ascending
 * @param boxKeys the newest box key of each holder that has one, ascending by position
 * @param deadline when the cohort is fixed with whatever has arrived
 */
public record RoundAnnounced(
    String federation,
    Digest policy,
    Digest job,
    int round,
    Digest state,
    String parameters,
    long values,
    int bits,
    int maxCohort,
    List<String> roster,
    List<BoxKey> boxKeys,
    Instant deadline)
    implements Statement {
  /** Longest vector. */
  public static final long MAX_VALUES = 1L << 32;

  public RoundAnnounced {
    roster = List.copyOf(roster);
    boxKeys = List.copyOf(boxKeys);
  }

  /**
   * A holder's box key as the announcement names it.
   *
   * @param sha256 digest of the encoded public key
   */
  public record BoxKey(int position, int epoch, Digest sha256) {
    static BoxKey read(JsonObject o) throws DecodeException {
      o.only("position", "epoch", "sha256");
      return new BoxKey(
          Fields.position(o),
          o.smallInteger("epoch", 1, Fields.MAX_ROUND),
          Fields.digest(o, "sha256"));
    }

    JsonObject json() {
      return JsonObject.builder()
          .put("position", position)
          .put("epoch", epoch)
          .put("sha256", sha256.toString())
          .build();
    }
  }

  static RoundAnnounced read(JsonObject o) throws DecodeException {
    o.only(
        "federation",
        "policy",
        "job",
        "round",
        "state",
        "parameters",
        "layout",
        "maxCohort",
        "roster",
        "boxKeys",
        "deadline");
    JsonObject layout = o.object("layout").only("values", "bits");
    List<BoxKey> keys = new ArrayList<>();
    for (JsonObject key : o.objects("boxKeys")) {
      keys.add(BoxKey.read(key));
    }
    if (!Fields.ascending(keys, Comparator.comparing(BoxKey::position))) {
      throw o.fault("boxKeys", "expected distinct positions, ascending");
    }
    return new RoundAnnounced(
        o.id("federation"),
        Fields.digest(o, "policy"),
        Fields.digest(o, "job"),
        o.smallInteger("round", 1, Fields.MAX_ROUND),
        Fields.digest(o, "state"),
        o.id("parameters"),
        layout.integer("values", 1, MAX_VALUES),
        layout.smallInteger("bits", 2, 62),
        o.smallInteger("maxCohort", 2, Fields.MAX_SILOS),
        Fields.sortedIds(o, "roster", 1),
        keys,
        o.instant("deadline"));
  }

  /** The round's name. */
  public RoundContext ctx() {
    return RoundContext.of(bytes());
  }

  /** Positions of the holders that are in. */
  public List<Integer> positions() {
    return boxKeys.stream().map(BoxKey::position).toList();
  }

  @Override
  public StatementType type() {
    return StatementType.ROUND_ANNOUNCED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("federation", federation)
        .put("policy", policy.toString())
        .put("job", job.toString())
        .put("round", round)
        .put("state", state.toString())
        .put("parameters", parameters)
        .put("layout", JsonObject.builder().put("values", values).put("bits", bits).build())
        .put("maxCohort", maxCohort)
        .put("roster", roster)
        .put("boxKeys", boxKeys.stream().map(BoxKey::json).toList())
        .put("deadline", deadline)
        .build();
  }
}
