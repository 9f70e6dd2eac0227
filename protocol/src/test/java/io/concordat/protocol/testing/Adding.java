package io.concordat.protocol.testing;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.ledger.Program;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;

/** The smallest analysis: a vector a round, and the state lists what was opened. */
public record Adding(int steps, int values) implements Program {
  /** A job file of this analysis. */
  public static byte[] file(String federation, String dataset, int steps, int values, long nonce) {
    return JsonObject.builder()
        .put("federation", federation)
        .put("dataset", dataset)
        .put("steps", steps)
        .put("values", values)
        .put("nonce", nonce)
        .bytes();
  }

  /** Reads such files; an opening of a capped dataset costs {@code price}. */
  public static JobReader reader(long price) {
    return (file, rules) -> {
      try {
        JsonObject o = CanonicalJson.parseObject(file);
        String dataset = o.string("dataset");
        if (!rules.datasets().containsKey(dataset)) {
          throw new RefusedException(Refusal.of(Code.JOB_DATASET, dataset));
        }
        boolean capped = rules.datasets().get(dataset).capUnits().isPresent();
        int steps = o.smallInteger("steps", 1, 1000);
        return new JobTerms(
            o.string("federation"),
            "adding",
            dataset,
            capped,
            Collections.nCopies(steps, capped ? price : 0),
            new Adding(steps, o.smallInteger("values", 1, 1000)));
      } catch (DecodeException e) {
        throw new RefusedException(Refusal.of(Code.FILE_FIELD, String.valueOf(e.getMessage())));
      }
    };
  }

  @Override
  public byte[] initialState() {
    return "opened".getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public StateShape shape(byte[] state) {
    int done = new String(state, StandardCharsets.US_ASCII).split(";").length - 1;
    return new StateShape(Digests.sha256(state), done == steps, "test-256-150", values, 16);
  }

  @Override
  public byte[] advance(byte[] state, long[] sum, SortedMap<String, Long> cohort) {
    return (new String(state, StandardCharsets.US_ASCII) + ";" + sum[0])
        .getBytes(StandardCharsets.US_ASCII);
  }
}
