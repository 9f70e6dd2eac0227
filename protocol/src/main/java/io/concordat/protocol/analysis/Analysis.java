package io.concordat.protocol.analysis;

import java.util.SortedMap;

/**
 * The public half of a job, as seen by aggregator, silos, holders and verifiers alike: a start, a
 * shape for each round, and a deterministic step from an opened sum to the next state.
 *
 * <p>A round that ends unopened changes nothing: its retry is announced with the next round number
 * on the same state, hence with the same shape.
 */
public sealed interface Analysis
    permits StatisticsAnalysis,
        NoisedStatisticsAnalysis,
        FedAvgAnalysis,
        DpSgdAnalysis,
        AttestedAnalysis {

  /** The state before the first round; a function of the job and the policy only. */
  PublicState initialState();

  /**
   * What the round on {@code state} asks of every silo.
   *
   * @throws IllegalArgumentException if the analysis is finished in {@code state}
   */
  RoundShape shape(PublicState state);

  /**
   * The state after a round on {@code state} was opened.
   *
   * @param sum the opened sum, as many values as the shape said; values far outside what honest
   *     silos send give a useless but finite and deterministic state
   * @param cohort the silos whose contributions are in the sum, each with the patients that it had
   *     declared when the job was submitted
   */
  PublicState advance(PublicState state, long[] sum, SortedMap<String, Long> cohort);

  boolean finished(PublicState state);

  /** The number of opened rounds that the job takes in all, for progress and price. */
  int rounds();

  /** The number of rounds of this job that led to {@code state}. */
  default int roundsDone(PublicState state) {
    return (int) state.scalar(StateNames.ROUND);
  }

  /**
   * What the job found.
   *
   * @throws IllegalArgumentException if the analysis is not finished in {@code state}
   */
  AnalysisResult result(PublicState state);
}
