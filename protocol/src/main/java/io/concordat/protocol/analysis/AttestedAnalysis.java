package io.concordat.protocol.analysis;

import io.concordat.privacy.evidence.NoiseAttestation;
import io.concordat.privacy.evidence.NoiseRepetition;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.RoundShape.Sealing;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * A private analysis whose every round carries {@link NoiseAttestation#COORDINATES} zeros at its
 * end. The opened sum there is the cohort's noise and nothing else; what it says, alone and beside
 * the rounds before, enters the public state, so that every silo and the verifier compute the same
 * figure and the log holds its digest.
 *
 * <p>The zeros are independent of all records, so the price of a round is that of its other values.
 */
public final class AttestedAnalysis implements Analysis {
  private final Analysis inner;

  /**
   * @param inner a private analysis
   */
  public AttestedAnalysis(Analysis inner) {
    this.inner = inner;
  }

  /** What the zero tails of a state's rounds say together; empty before the first opening. */
  public static NoiseAttestation together(PublicState state) {
    NoiseAttestation all = NoiseAttestation.NONE;
    for (NoiseAttestation round : rounds(state)) {
      all = all.plus(round);
    }
    return all;
  }

  /** What each opened round's zero tail says; empty where the job is not attested. */
  public static List<NoiseAttestation> rounds(PublicState state) {
    return state.has(StateNames.ATTESTATION)
        ? Arrays.stream(state.values(StateNames.ATTESTATION))
            .mapToObj(s -> new NoiseAttestation(NoiseAttestation.COORDINATES, s))
            .toList()
        : List.of();
  }

  /** What comparing each round's zero tail with those before it says. */
  public static NoiseRepetition repetition(PublicState state) {
    return new NoiseRepetition(
        state.has(StateNames.ATTESTATION_REPETITION)
            ? Arrays.stream(state.values(StateNames.ATTESTATION_REPETITION)).boxed().toList()
            : List.of());
  }

  @Override
  public PublicState initialState() {
    return inner.initialState().toBuilder()
        .vector(StateNames.ATTESTATION, new double[0])
        .vector(StateNames.ATTESTATION_SUM, new double[NoiseAttestation.COORDINATES])
        .vector(StateNames.ATTESTATION_REPETITION, new double[0])
        .build();
  }

  @Override
  public RoundShape shape(PublicState state) {
    RoundShape shape = inner.shape(state);
    return switch (shape.sealing()) {
      case Sealing.Exact _ -> throw new IllegalArgumentException("an exact round has no noise");
      case Sealing.Noised noised ->
          new RoundShape(
              shape.task(),
              Math.addExact(shape.values(), NoiseAttestation.COORDINATES),
              shape.bits(),
              new Sealing.Noised(noised.share(), noised.sampling(), NoiseAttestation.COORDINATES));
    };
  }

  @Override
  public PublicState advance(PublicState state, long[] sum, SortedMap<String, Long> cohort) {
    RoundShape shape = shape(state);
    if (sum.length != shape.values() || !(shape.sealing() instanceof Sealing.Noised noised)) {
      throw new IllegalArgumentException(
          "the round has " + shape.values() + " values, not " + sum.length);
    }
    int values = shape.values() - noised.zeroTail();
    List<NoiseShare> shares = Collections.nCopies(Math.max(1, cohort.size()), noised.share());
    long[] tail = Arrays.copyOfRange(sum, values, sum.length);
    NoiseAttestation round = NoiseAttestation.ofRound(tail, shares);
    double sigma = NoiseRepetition.jointDeviation(shares);
    double[] measured = state.values(StateNames.ATTESTATION);
    double[] earlier = state.values(StateNames.ATTESTATION_SUM);
    PublicState.Builder next =
        inner.advance(state, Arrays.copyOf(sum, values), cohort).toBuilder()
            .vector(StateNames.ATTESTATION, longer(measured, round.statistic()))
            .vector(StateNames.ATTESTATION_SUM, NoiseRepetition.plus(earlier, tail, sigma));
    if (measured.length > 0) {
      next.vector(
          StateNames.ATTESTATION_REPETITION,
          longer(
              state.values(StateNames.ATTESTATION_REPETITION),
              NoiseRepetition.deviation(earlier, tail, sigma)));
    }
    return next.build();
  }

  private static double[] longer(double[] before, double last) {
    double[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = last;
    return after;
  }

  @Override
  public boolean finished(PublicState state) {
    return inner.finished(state);
  }

  @Override
  public int rounds() {
    return inner.rounds();
  }

  @Override
  public AnalysisResult result(PublicState state) {
    return inner.result(state);
  }
}
