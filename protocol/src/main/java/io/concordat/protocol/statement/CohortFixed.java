package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import java.util.List;

/**
 * The manifest: which contributions one opening covers, who may open, and the summed ciphertext,
 * fixed before anybody knows with what it will be checked.
 *
 * @param cohort sorted by silo
 * @param openers holders that accepted every contribution of the cohort, ascending
 * @param sum root of the digest tree of the summed ciphertext object
 * @param sumLength its bytes, head included
 */
public record CohortFixed(
    RoundContext ctx, List<Member> cohort, List<Integer> openers, Digest sum, long sumLength)
    implements Statement {
  public CohortFixed {
    cohort = List.copyOf(cohort);
    openers = List.copyOf(openers);
  }

  static CohortFixed read(JsonObject o) throws DecodeException {
    o.only("ctx", "cohort", "openers", "sum", "sumLength");
    return new CohortFixed(
        Fields.ctx(o),
        Fields.members(o, "cohort"),
        Fields.positions(o, "openers"),
        Fields.digest(o, "sum"),
        o.integer("sumLength", 1, 1L << 50));
  }

  /** Ids of the silos, ascending. */
  public List<String> silos() {
    return cohort.stream().map(Member::silo).toList();
  }

  /** Whether this silo's contribution is in. */
  public boolean counts(String silo) {
    return cohort.stream().anyMatch(m -> m.silo().equals(silo));
  }

  @Override
  public StatementType type() {
    return StatementType.COHORT_FIXED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("ctx", ctx.toString())
        .put("cohort", cohort.stream().map(Member::json).toList())
        .put("openers", openers)
        .put("sum", sum.toString())
        .put("sumLength", sumLength)
        .build();
  }
}
