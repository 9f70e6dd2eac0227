package io.concordat.protocol.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.accountant.RdpAccountant;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.privacy.evidence.NoiseAttestation;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.PolicyFixture;
import io.concordat.protocol.refusal.Outcome;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JobPlanTest {
  private static final Policy POLICY = PolicyFixture.four();

  private static JobSpecification job(String strategy, String evaluation, String epsilon)
      throws Exception {
    String text =
        """
        schema: job/1
        name: risk
        federation: cardio
        nonce: "0123456789abcdef0123"
        dataset: heart
        analysis:
          kind: train
          model: {kind: logistic, features: [age, cp], label: disease, scaling: schema}
          strategy: %s
        %s
        privacy: {epsilon: "%s", delta: "1e-5"}
        """
            .formatted(strategy, evaluation, epsilon);
    return JobReader.read("job", text.getBytes(StandardCharsets.UTF_8)).orThrow();
  }

  private static String dpSgd(int rounds, String rate, String more) {
    return "{kind: dp-sgd, rounds: "
        + rounds
        + ", samplingRate: \""
        + rate
        + "\", clipNorm: \"1.0\", optimizer: {kind: sgd, learningRate: \"1.0\"}"
        + more
        + "}";
  }

  private static final String EVALUATION =
      "  evaluation: {metrics: [accuracy], noiseMultiplier: \"10\"}";

  @Test
  void noiseKeepsTrainingAndEvaluationTogetherWithinEpsilonAndHardlyBelow() throws Exception {
    for (String epsilon : new String[] {"0.5", "1.0", "2.0"}) {
      JobPrice price = JobPrice.of(job(dpSgd(30, "1", ""), EVALUATION, epsilon), POLICY).orThrow();
      double asked = Double.parseDouble(epsilon);
      double spent = PldAccountant.standard().epsilon(price.joint(), 1e-5);
      assertThat(spent).isLessThanOrEqualTo(asked).isCloseTo(asked, within(1e-3));
      assertThat(RdpAccountant.standard().epsilon(price.joint(), 1e-5)).isGreaterThan(spent);
      // With q = 1 everything is one Gaussian: 30/z^2 + 1/100.
      double z = price.noiseMultiplier().doubleValue();
      assertThat(price.training().sigma() * Math.sqrt(2) / price.training().clipUnits())
          .isCloseTo(z, within(1e-4));
      assertThat(price.ownShareEpsilon()).isGreaterThan(price.epsilon());
    }
  }

  @Test
  void withoutEvaluationTheSameEpsilonNeedsLessNoise() throws Exception {
    JobPrice with = JobPrice.of(job(dpSgd(30, "1", ""), EVALUATION, "1.0"), POLICY).orThrow();
    JobPrice without = JobPrice.of(job(dpSgd(30, "1", ""), "", "1.0"), POLICY).orThrow();
    assertThat(without.noiseMultiplier()).isLessThan(with.noiseMultiplier());
    assertThat(without.openings()).isEqualTo(30);
    assertThat(with.openings()).isEqualTo(31);
  }

  @Test
  void samplingMakesTheSameRoundsCheaper() throws Exception {
    JobPrice all = JobPrice.of(job(dpSgd(100, "1", ""), "", "1.0"), POLICY).orThrow();
    JobPrice tenth = JobPrice.of(job(dpSgd(100, "0.1", ""), "", "1.0"), POLICY).orThrow();
    assertThat(tenth.noiseMultiplier().multiply(new BigDecimal("5")))
        .isLessThan(all.noiseMultiplier());
    assertThat(tenth.epsilon()).isLessThanOrEqualTo(1.0).isCloseTo(1.0, within(0.01));
  }

  @Test
  void evaluationDearerThanTheWholeJobIsRefusedByName() throws Exception {
    String cheap = "  evaluation: {metrics: [accuracy], noiseMultiplier: \"1\"}";
    Outcome<JobPrice> outcome = JobPrice.of(job(dpSgd(30, "1", ""), cheap, "1.0"), POLICY);
    assertThat(outcome.refusals().toString()).contains("noiseMultiplier");
  }

  @Test
  void severalLocalStepsUnderOneNoiseAreRefused() throws Exception {
    // Two local steps let one patient steer what 499 others send in the second: the opened sum
    // moves
    // by 998 clips in a legally clipped run, and no price of one clip covers it.
    var outcome = JobPlan.of(job(dpSgd(30, "1", ", localSteps: 2"), EVALUATION, "1.0"), POLICY);
    assertThat(outcome.refusals().toString()).contains("job.local-steps");
  }

  @Test
  void termsPriceEveryOpeningAtTheCapsOrderRoundedUp() throws Exception {
    JobPlan plan = JobPlan.of(job(dpSgd(30, "1", ""), EVALUATION, "1.0"), POLICY).orThrow();
    assertThat(plan.terms().steps()).isEqualTo(31).isEqualTo(plan.analysis().rounds());
    RenyiFilter filter = RenyiFilter.forCap(new BigDecimal("8.0"), new BigDecimal("1e-5"));
    BigDecimal whole = filter.price(plan.price().orElseThrow().joint());
    BigDecimal steps = BigDecimal.valueOf(plan.terms().priceFrom(0), 9);
    assertThat(steps).isGreaterThanOrEqualTo(whole);
    assertThat(steps.subtract(whole).doubleValue()).isLessThan(32e-9);
  }

  @Test
  void theProgramRunsOnEncodedStatesToTheEnd() throws Exception {
    JobPlan plan = JobPlan.of(job(dpSgd(3, "1", ""), EVALUATION, "1.0"), POLICY).orThrow();
    var program = plan.terms().program();
    byte[] state = program.initialState();
    var cohort = new java.util.TreeMap<>(java.util.Map.of("budapest", 100L, "cleveland", 100L));
    int opened = 0;
    for (var shape = program.shape(state); !shape.finished(); shape = program.shape(state)) {
      assertThat(shape.parameters()).isEqualTo("rlwe-8192-150");
      state = program.advance(state, new long[(int) shape.values()], cohort);
      opened++;
    }
    assertThat(opened).isEqualTo(4);
  }

  @Test
  void aPolicyThatHasTheNoiseMeasuredLengthensTheVectorsOfAJobThatSaysNothing() throws Exception {
    JobSpecification job = job(dpSgd(3, "1", ""), EVALUATION, "1.0");
    JobPlan silent = JobPlan.of(job, POLICY).orThrow();
    JobPlan measured = JobPlan.of(job, PolicyFixture.attested(POLICY)).orThrow();
    int values = silent.analysis().shape(silent.analysis().initialState()).values();
    assertThat(measured.analysis().shape(measured.analysis().initialState()).values())
        .isEqualTo(values + NoiseAttestation.COORDINATES);
    assertThat(measured.terms().priceFrom(0)).isEqualTo(silent.terms().priceFrom(0));
  }

  private static JobSpecification federationScaling(String more) throws Exception {
    String text =
        """
        schema: job/1
        name: risk
        federation: cardio
        nonce: "0123456789abcdef0123"
        dataset: heart
        analysis:
          kind: train
          model: {kind: logistic, features: [age, cp], label: disease, scaling: federation}
          strategy: %s
        %s
        privacy: {epsilon: "1.0", delta: "1e-5"}
        """
            .formatted(dpSgd(30, "1", more), EVALUATION);
    return JobReader.read("job", text.getBytes(StandardCharsets.UTF_8)).orThrow();
  }

  @Test
  void scalingTrainingAndEvaluationShareOneEpsilon() throws Exception {
    JobPlan plan = JobPlan.of(federationScaling(""), POLICY).orThrow();
    JobPrice price = plan.price().orElseThrow();
    assertThat(price.parts())
        .extracting(JobPrice.Part::kind)
        .containsExactly(JobPrice.Kind.SCALING, JobPrice.Kind.TRAINING, JobPrice.Kind.EVALUATION);
    assertThat(plan.terms().steps()).isEqualTo(32).isEqualTo(plan.analysis().rounds());
    double spent = PldAccountant.standard().epsilon(price.joint(), 1e-5);
    assertThat(spent).isLessThanOrEqualTo(1.0).isCloseTo(1.0, within(1e-3));
    // All rounds see every patient, so all of them are one Gaussian: 1/z^2 adds up.
    double z = price.noiseMultiplier().doubleValue();
    double together = 1 / Math.sqrt(30 / (z * z) + 2 / 100.0);
    // Epsilon 1 at 1e-5 is the Gaussian with deviation 3.7304 (Balle, Wang 2018, algorithm 1).
    assertThat(together).isCloseTo(3.7304, within(2e-3));
    assertThat(price.epsilonOf(price.parts().get(0))).isCloseTo(0.34, within(0.01));
  }

  @Test
  void noisierScalingLeavesMoreForTraining() throws Exception {
    JobPrice ten = JobPrice.of(federationScaling(""), POLICY).orThrow();
    JobPrice hundred =
        JobPrice.of(federationScaling(", scalingNoiseMultiplier: \"100\""), POLICY).orThrow();
    assertThat(hundred.noiseMultiplier()).isLessThan(ten.noiseMultiplier());
    Outcome<JobPrice> dear =
        JobPrice.of(federationScaling(", scalingNoiseMultiplier: \"1\""), POLICY);
    assertThat(dear.refusals().toString()).contains("scalingNoiseMultiplier");
  }

  @Test
  void statisticsUnderACapAreOneRoundOfTheWholeEpsilon() throws Exception {
    String text =
        """
        schema: job/1
        name: who
        federation: cardio
        nonce: "0123456789abcdef0123"
        dataset: heart
        analysis: {kind: statistics, columns: [age, cp], bins: 12}
        privacy: {epsilon: "1.0", delta: "1e-5"}
        """;
    JobPlan plan =
        JobPlan.of(JobReader.read("job", text.getBytes(StandardCharsets.UTF_8)).orThrow(), POLICY)
            .orThrow();
    assertThat(plan.terms().steps()).isEqualTo(1);
    assertThat(plan.terms().noised()).isTrue();
    assertThat(plan.price().orElseThrow().noiseMultiplier().doubleValue())
        .isCloseTo(3.7304, within(2e-3));
    // Patients, age twice, age in bins, four values of cp.
    RoundShape shape = plan.analysis().shape(plan.analysis().initialState());
    assertThat(shape.values()).isEqualTo(1 + 2 + 12 + 4);
  }
}
