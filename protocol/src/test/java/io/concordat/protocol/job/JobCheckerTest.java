package io.concordat.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.PolicyFixture;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobCheckerTest {
  private static final Policy POLICY = PolicyFixture.four();

  @ParameterizedTest
  @ValueSource(strings = {JobFiles.PRIVATE, JobFiles.EXACT, JobFiles.STATISTICS})
  void jobsWithinThePolicyAreAllowed(String file) {
    assertThat(JobChecker.check(JobFiles.read(file), POLICY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "federation: cardio|federation: other|job.federation|federation",
        "dataset: heart|dataset: lungs|job.dataset|dataset",
        "[age, sex,|[weight, sex,|job.column|analysis.model.features[0]",
        "[age, sex,|[split, sex,|job.column|analysis.model.features[0]",
        "[age, sex,|[num, sex,|job.label|analysis.model.label",
        "label: disease|label: restecg|job.label|analysis.model.label",
        "label: disease|label: num|job.label|analysis.model.label",
        "label: disease|label: fever|job.label|analysis.model.label",
        "scaling: schema|scaling: silo|job.scaling|analysis.model.scaling",
        "rounds: 50|rounds: 201|job.limit|analysis.strategy.rounds",
        "kind: logistic,|kind: mlp, hidden: [9000, 9000],|job.limit|analysis.model",
        "average: tail|localSteps: 2|job.local-steps|analysis.strategy.localSteps",
        "average: tail|localEpochs: 5|job.local-steps|analysis.strategy.localSteps",
        "average: tail|clipUnits: 100|job.limit|analysis.strategy.clipUnits",
        "average: tail|clipUnits: 16777217|job.limit|analysis.strategy.clipUnits",
        "epsilon: \"1.0\"|epsilon: \"2.1\"|job.privacy-cap|privacy.epsilon",
        "delta: \"1e-5\"|delta: \"2e-5\"|job.privacy-cap|privacy.delta",
        "holdout: policy|holdout: \"0.2\"|job.holdout|analysis.evaluation.holdout",
        "privacy: {epsilon: \"1.0\", delta: \"1e-5\"}|# none|job.privacy-missing|privacy",
        "nonce: 0123456789abcdef|# none|job.nonce|nonce",
        "dataset: heart|dataset: cells|job.noised-without-cap|analysis.strategy.kind",
        "dataset: heart|dataset: cells|job.privacy-unexpected|privacy"
      })
  void eachRuleOfAPrivateJobIsRefusedByItsName(
      String original, String altered, String code, String field) {
    assertThat(JobFiles.PRIVATE).contains(original);
    String text = JobFiles.PRIVATE.replace(original, altered);
    assertThat(JobChecker.check(JobFiles.read(text), POLICY))
        .anySatisfy(r -> {
          assertThat(r.code().text()).isEqualTo(code);
          assertThat(r.where().map(Where::field)).contains(field);
        });
  }

  /** One patient steers all others' later steps: privacy-proofs.md, 9, runs the attack. */
  @ParameterizedTest
  @ValueSource(strings = {"localSteps: 2", "localSteps: 10000", "localEpochs: 3"})
  void aPrivateJobOfSeveralLocalStepsUnderOneNoiseIsRefused(String steps) {
    assertThat(codes(JobFiles.PRIVATE)).isEmpty();
    assertThat(codes(JobFiles.PRIVATE.replace("average: tail", steps)))
        .containsExactly(Code.JOB_LOCAL_STEPS);
    assertThat(codes(JobFiles.PRIVATE.replace("average: tail", "localSteps: 1"))).isEmpty();
  }

  @Test
  void exactAnalysesOfADatasetWithACapAreRefused() {
    assertThat(codes(JobFiles.EXACT.replace("dataset: cells", "dataset: heart")))
        .contains(Code.JOB_EXACT_UNDER_CAP, Code.JOB_PRIVACY_MISSING);
  }

  @Test
  void statisticsUnderACapNeedAnEpsilonAndThenAreAllowed() {
    String heart =
        JobFiles.STATISTICS
            .replace("dataset: cells", "dataset: heart")
            .replace("radius, diagnosis", "age");
    assertThat(codes(heart)).containsExactly(Code.JOB_PRIVACY_MISSING);
    assertThat(codes(heart + "privacy: {epsilon: \"1.0\", delta: \"1e-5\"}\n")).isEmpty();
  }

  @Test
  void scalingByTheFederationIsAllowedUnderACap() {
    assertThat(codes(JobFiles.PRIVATE.replace("scaling: schema", "scaling: federation"))).isEmpty();
  }

  @Test
  void aFractionOfTheHoldoutOtherThanTheDatasetsIsRefused() {
    assertThat(codes(JobFiles.EXACT.replace("\"0.2\"", "\"0.20\""))).isEmpty();
    assertThat(codes(JobFiles.EXACT.replace("\"0.2\"", "policy"))).isEmpty();
    assertThat(codes(JobFiles.EXACT.replace("\"0.2\"", "\"0.3\""))).contains(Code.JOB_HOLDOUT);
  }

  @Test
  void aPolicyThatHasTheNoiseMeasuredLetsNoJobSwitchItOff() {
    Policy demanding = PolicyFixture.attested(POLICY);
    for (String word : List.of("on", "auto")) {
      String file =
          JobFiles.PRIVATE.replace(
              "delta: \"1e-5\"}", "delta: \"1e-5\", attestation: " + word + "}");
      assertThat(JobChecker.check(JobFiles.read(file), demanding)).as(word).isEmpty();
    }
    String off = JobFiles.PRIVATE.replace("delta: \"1e-5\"}", "delta: \"1e-5\", attestation: off}");
    assertThat(JobChecker.check(JobFiles.read(off), POLICY)).isEmpty();
    List<Refusal> refusals = JobChecker.check(JobFiles.read(off), demanding);
    assertThat(refusals).extracting(Refusal::code).containsExactly(Code.JOB_ATTESTATION);
    assertThat(refusals.getFirst().where().orElseThrow().toString())
        .contains("privacy.attestation");
  }

  @Test
  void deltaIsBoundedByTheNumberOfPersonsThatThePolicyAdmits() {
    // 4 silos of at most 400: 1 / 16000 = 6.25e-5 is above the cap's delta, so the cap decides;
    // with
    // 32 times as many persons the count would.
    assertThat(POLICY.maxPatients(POLICY.dataset("heart").orElseThrow())).isEqualTo(1600);
    Policy large = LargePolicy.of(POLICY, 12_800);
    List<Refusal> refusals = JobChecker.check(JobFiles.read(JobFiles.PRIVATE), large);
    assertThat(refusals).extracting(Refusal::code).containsExactly(Code.JOB_PRIVACY_CAP);
    assertThat(refusals.getFirst().detail()).contains("51200 patients");
  }

  @Test
  void parametersAreCountedAfterCategoriesBecameIndicators() {
    AnalysisSpec.Train train = (AnalysisSpec.Train) JobFiles.read(JobFiles.PRIVATE).analysis();
    // age, sex 1, cp 3, trestbps, chol, thalach, exang 1, oldpeak, and the intercept.
    assertThat(train.model().parameters(PolicyFixture.heart())).isEqualTo(11);
    AnalysisSpec.Train mlp = (AnalysisSpec.Train) JobFiles.read(JobFiles.EXACT).analysis();
    assertThat(mlp.model().parameters(PolicyFixture.cells())).isEqualTo(3 * 16 + 17 * 8 + 9);
  }

  @Test
  void noiseBeyondTheSamplersBoundsIsRefused() {
    assertThat(JobChecker.checkNoise(1 << 18, 3.874, POLICY)).isEmpty();
    // z * 2^18 / sqrt(2) <= 2^24 up to z = 90.5.
    assertThat(JobChecker.checkNoise(1 << 18, 90.5, POLICY)).isEmpty();
    for (double z : new double[] {90.6, 0.00001, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(JobChecker.checkNoise(1 << 18, z, POLICY))
          .extracting(Refusal::code)
          .containsExactly(Code.JOB_NOISE);
    }
  }

  @Test
  void hugeLayersAreALimitNotAnOverflow() {
    String widths = "65536, ".repeat(15) + "65536";
    assertThat(codes(JobFiles.EXACT.replace("[16, 8]", "[" + widths + "]")))
        .containsExactly(Code.JOB_LIMIT);
  }

  private static List<Code> codes(String file) {
    return JobChecker.check(JobFiles.read(file), POLICY).stream().map(Refusal::code).toList();
  }
}
