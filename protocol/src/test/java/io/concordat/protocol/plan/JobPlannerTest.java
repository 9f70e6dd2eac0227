package io.concordat.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.protocol.analysis.FedAvgAnalysis;
import io.concordat.protocol.analysis.StatisticsAnalysis;
import io.concordat.protocol.job.JobFiles;
import io.concordat.protocol.ledger.JobTerms;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.PolicyFixture;
import io.concordat.protocol.refusal.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobPlannerTest {
  private static final Policy POLICY = PolicyFixture.four();
  private static final SortedMap<String, Long> PATIENTS =
      new TreeMap<>(
          Map.of("budapest", 294L, "cleveland", 303L, "long-beach", 200L, "zurich-basel", 123L));

  private final JobPlanner planner = new JobPlanner(POLICY);

  private JobPlan plan(String file) throws RefusedException {
    return planner.plan(file.getBytes(StandardCharsets.UTF_8), dataset -> PATIENTS);
  }

  @Test
  void aPrivateJobKeepsToItsEpsilonEvaluationIncluded() throws RefusedException {
    JobPlan plan = plan(JobFiles.PRIVATE);
    assertThat(plan.epsilon().orElseThrow()).isBetween(0.98, 1.0);
    assertThat(plan.terms().noised()).isTrue();
    assertThat(plan.terms().steps()).isEqualTo(51).isEqualTo(plan.analysis().rounds());
  }

  @Test
  void thirtyFiveJobsOfEpsilonOneFitUnderACapOfEight() throws RefusedException {
    // Published with the filter's definition: cap 8 at delta 1e-5 admits 35 jobs of epsilon 1.
    long cap = RulesOfPolicy.filter(PolicyFixture.heart()).rhoMax().movePointRight(9).longValue();
    assertThat(cap / plan(JobFiles.PRIVATE).terms().priceFrom(0)).isBetween(34L, 36L);
  }

  @Test
  void thePriceOfWhatIsLeftShrinksToNothing() throws RefusedException {
    JobTerms terms = plan(JobFiles.PRIVATE).terms();
    for (int step = 0; step < terms.steps(); step++) {
      assertThat(terms.priceFrom(step)).isGreaterThan(terms.priceFrom(step + 1));
    }
    assertThat(terms.priceFrom(terms.steps())).isZero();
  }

  @Test
  void everyRoundHasALayoutThatExists() throws Exception {
    for (String file : List.of(JobFiles.PRIVATE, JobFiles.EXACT, JobFiles.STATISTICS)) {
      JobPlan plan = plan(file);
      byte[] state = plan.terms().program().initialState();
      int rounds = 0;
      while (true) {
        StateShape shape = plan.terms().program().shape(state);
        if (shape.finished()) {
          break;
        }
        ParameterSet set = ParameterSet.byId(shape.parameters()).orElseThrow();
        assertThat(set.production()).isTrue();
        new Layout(set, shape.values(), shape.bits(), POLICY.encryption().maxCohort());
        long[] sum = new long[Math.toIntExact(shape.values())];
        sum[0] = 100;
        state = plan.terms().program().advance(state, sum, List.copyOf(PATIENTS.keySet()));
        rounds++;
      }
      assertThat(rounds).isEqualTo(plan.terms().steps());
      plan.analysis().result(io.concordat.protocol.analysis.PublicState.fromBytes(state));
    }
  }

  @Test
  void exactJobsHaveNoPrice() throws RefusedException {
    JobPlan plan = plan(JobFiles.EXACT);
    assertThat(plan.analysis()).isInstanceOf(FedAvgAnalysis.class);
    assertThat(plan.terms().noised()).isFalse();
    assertThat(plan.terms().priceFrom(0)).isZero();
    assertThat(plan.epsilon()).isEmpty();
    // Scaling of the federation first, ten rounds of training, one evaluation.
    assertThat(plan.terms().steps()).isEqualTo(12);
    assertThat(plan(JobFiles.STATISTICS).analysis()).isInstanceOf(StatisticsAnalysis.class);
  }

  @Test
  void smallVectorsTravelInTheSmallSet() throws Exception {
    JobTerms terms = plan(JobFiles.PRIVATE).terms();
    StateShape shape = terms.program().shape(terms.program().initialState());
    assertThat(shape.parameters()).isEqualTo("rlwe-8192-150");
  }

  @Test
  void aPrivateJobBeforeAnyDeclarationIsRefused() {
    assertThatThrownBy(() ->
            planner.plan(
                JobFiles.PRIVATE.getBytes(StandardCharsets.UTF_8),
                dataset -> Collections.emptySortedMap()))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("no silo has declared");
  }

  @Test
  void everyReasonOfARefusalIsNamed() {
    String bad = JobFiles.PRIVATE.replace("rounds: 50", "rounds: 5000").replace("age, sex", "shoe");
    assertThatThrownBy(() -> plan(bad))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("analysis.strategy.rounds")
        .hasMessageContaining("analysis.model.features[0]");
  }
}
