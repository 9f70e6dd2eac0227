package io.concordat.e2e.simulation;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.privacy.vector.ExactVector;
import io.concordat.privacy.vector.SealableVector;
import io.concordat.protocol.contribution.VectorSource;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.ledger.Program;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.IntToLongFunction;

/**
 * The analysis of the simulation: silo i's vector is 2^i, then alternating signs of it; a silo
 * beyond the bits of a value has a 1 in the place of its number and nothing else. So the sum names
 * who was counted. The state is the list of what was opened: a wrong sum anywhere is a wrong state
 * everywhere.
 */
final class PowersOfTwo implements Program {
  /** Silos of lower numbers have a power of two that fits a value of 16 bits with its sign. */
  private static final int POWERS = 14;

  private static String parameters = "test-256-150";

  private final int steps;
  private final long values;
  private final Oracle oracle;

  private PowersOfTwo(int steps, long values, Oracle oracle) {
    this.steps = steps;
    this.values = values;
    this.oracle = oracle;
  }

  /** Another parameter set for the jobs of this process, to measure with. */
  static void parameters(String id) {
    parameters = id;
  }

  /** A job file; the nonce makes equal jobs different ones. */
  static byte[] file(String federation, String dataset, int steps, int values, long nonce) {
    return JsonObject.builder()
        .put("federation", federation)
        .put("dataset", dataset)
        .put("steps", steps)
        .put("values", values)
        .put("nonce", Long.toString(nonce))
        .bytes();
  }

  /** Reads such files; an opening of a capped dataset costs a tenth of the cap. */
  static JobReader reader(Oracle oracle) {
    return (file, rules) -> read(file, rules, oracle);
  }

  private static JobTerms read(byte[] file, FederationRules rules, Oracle oracle)
      throws RefusedException {
    try {
      JsonObject o = CanonicalJson.parseObject(file);
      int steps = o.smallInteger("steps", 1, 1000);
      FederationRules.DatasetRules dataset = rules.datasets().get(o.string("dataset"));
      if (dataset == null) {
        throw new RefusedException(Refusal.of(Code.JOB_DATASET, o.string("dataset")));
      }
      long price = dataset.capUnits().isPresent() ? dataset.capUnits().getAsLong() / 10 : 0;
      return new JobTerms(
          o.string("federation"),
          "powers of two",
          o.string("dataset"),
          price > 0,
          Collections.nCopies(steps, price),
          new PowersOfTwo(steps, o.integer("values", 1, 100_000), oracle));
    } catch (DecodeException e) {
      throw new RefusedException(Refusal.of(Code.FILE_FIELD, String.valueOf(e.getMessage())));
    }
  }

  /** The silo's private half. */
  static VectorSource vectors(int silo) {
    return silo < POWERS ? multiplesOf(1L << silo) : vectors(j -> value(silo, j));
  }

  /** Alternating signs of a value of one's choice: what altered code can contribute. */
  static VectorSource multiplesOf(long value) {
    return vectors(j -> (j & 1) == 0 ? value : -value);
  }

  private static VectorSource vectors(IntToLongFunction each) {
    ExactGrant grant = ExactGrant.from(new AlwaysExact());
    return (RoundRecord round, byte[] state, long counter) -> {
      long[] values = new long[(int) round.announcement().values()];
      for (int j = 0; j < values.length; j++) {
        values[j] = each.applyAsLong(j);
      }
      SealableVector vector = ExactVector.of(values, grant);
      return vector;
    };
  }

  private static long value(int silo, int j) {
    if (silo < POWERS) {
      return (j & 1) == 0 ? 1L << silo : -(1L << silo);
    }
    return j == silo ? 1 : 0;
  }

  /** The only right sum's first value. */
  static long sumOf(Iterable<String> cohort) {
    return sumOf(cohort, 0);
  }

  private static long sumOf(Iterable<String> cohort, int j) {
    long sum = 0;
    for (String silo : cohort) {
      sum += value(Integer.parseInt(silo.substring(silo.indexOf('-') + 1)), j);
    }
    return sum;
  }

  @Override
  public byte[] initialState() {
    return "steps".getBytes(StandardCharsets.US_ASCII);
  }

  private static List<String> opened(byte[] state) {
    return List.of(new String(state, StandardCharsets.US_ASCII).split(";")).stream()
        .skip(1)
        .toList();
  }

  @Override
  public StateShape shape(byte[] state) {
    int done = opened(state).size();
    return new StateShape(Digests.sha256(state), done == steps, parameters, values + done, 16);
  }

  @Override
  public byte[] advance(byte[] state, long[] sum, SortedMap<String, Long> cohort) {
    SortedSet<String> silos = (SortedSet<String>) cohort.keySet();
    for (int j = 0; j < sum.length; j++) {
      if (sum[j] != sumOf(silos, j)) {
        oracle.violation("wrong sum: value " + j + " is " + sum[j] + " for cohort " + silos);
      }
    }
    oracle.opened(silos, sum);
    return (new String(state, StandardCharsets.US_ASCII) + ";" + sum[0])
        .getBytes(StandardCharsets.US_ASCII);
  }
}
