package io.concordat.bench.accuracy;

import io.concordat.privacy.noise.RandomBits;
import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.privacy.vector.SealableVector;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.analysis.SplitMix;
import io.concordat.silonode.records.SiloRecords;
import io.concordat.silonode.training.PrivateHalf;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs an analysis over silos in one process, adding their vectors without encryption, or as it is
 * told to.
 */
public final class ClearFederation {
  private final SortedMap<String, SiloRecords> silos;
  private final ExactGrant grant;
  private final Addition addition;

  /** How vectors become their sum. */
  interface Addition {
    /**
     * @param bits width of a value with its sign
     */
    long[] sum(List<long[]> vectors, int bits);
  }

  public ClearFederation(SortedMap<String, SiloRecords> silos) {
    this(silos, ClearFederation::plainSum);
  }

  ClearFederation(SortedMap<String, SiloRecords> silos, Addition addition) {
    this.silos = new TreeMap<>(silos);
    this.grant = ExactGrant.from(new InTheClear());
    this.addition = addition;
  }

  private static long[] plainSum(List<long[]> vectors, int bits) {
    long[] sum = new long[vectors.getFirst().length];
    for (long[] values : vectors) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += values[j];
      }
    }
    return sum;
  }

  private record InTheClear() implements ExactDecision {
    @Override
    public String dataset() {
      return "bench";
    }

    @Override
    public String job() {
      return "bench";
    }

    @Override
    public boolean exactSumsAllowed() {
      return true;
    }
  }

  /**
   * The state after all rounds.
   *
   * @param seed of the noise and the coins
   */
  public PublicState run(Analysis analysis, long seed) {
    SplitMix seeds = new SplitMix(seed);
    SortedMap<String, Long> declared = new TreeMap<>();
    silos.forEach((id, records) -> declared.put(id, (long) records.patients()));
    PublicState state = analysis.initialState();
    while (!analysis.finished(state)) {
      RoundShape shape = analysis.shape(state);
      List<long[]> vectors = new ArrayList<>();
      for (SiloRecords records : silos.values()) {
        vectors.add(contribution(shape, state, records, seeds).values());
      }
      long[] sum = addition.sum(vectors, shape.bits());
      state = analysis.advance(state, sum, declared);
    }
    return state;
  }

  private SealableVector contribution(
      RoundShape shape, PublicState state, SiloRecords records, SplitMix seeds) {
    PrivateHalf.Outcome outcome =
        switch (shape.sealing()) {
          case RoundShape.Sealing.Exact _ -> PrivateHalf.exact(shape, state, records, grant);
          case RoundShape.Sealing.Noised _ -> {
            RandomBits coin = new SplitMix(seeds.nextLong())::nextLong;
            RandomBits noise = new SplitMix(seeds.nextLong())::nextLong;
            yield PrivateHalf.noised(shape, state, records, coin, noise);
          }
        };
    return switch (outcome) {
      case PrivateHalf.Outcome.Ready(SealableVector vector) -> vector;
      case PrivateHalf.Outcome.Unfit(String reason) -> throw new IllegalStateException(reason);
    };
  }
}
