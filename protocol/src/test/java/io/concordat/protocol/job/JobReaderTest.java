package io.concordat.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.job.AnalysisSpec.Metric;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobReaderTest {

  @Test
  void readsAPrivateTrainingJobToItsLastField() throws Exception {
    JobSpecification job = JobReader.read("job.yaml", utf8(JobFiles.PRIVATE)).orThrow();
    assertThat(job.digest()).isEqualTo(Digests.sha256(utf8(JobFiles.PRIVATE)));
    assertThat(job.name()).isEqualTo("heart-disease-risk");
    assertThat(job.federation()).isEqualTo("cardio");
    assertThat(job.dataset()).isEqualTo("heart");
    assertThat(job.privacy())
        .contains(
            new JobSpecification.PrivacyTerms(
                new BigDecimal("1.0"), new BigDecimal("1e-5"), JobSpecification.Attestation.AUTO));
    AnalysisSpec.Train train = (AnalysisSpec.Train) job.analysis();
    assertThat(train.model())
        .isEqualTo(
            new ModelSpec.Logistic(
                List.of("age", "sex", "cp", "trestbps", "chol", "thalach", "exang", "oldpeak"),
                "disease",
                ModelSpec.Scaling.SCHEMA,
                1));
    assertThat(train.strategy())
        .isEqualTo(
            new Strategy.DpSgd(
                50,
                new BigDecimal("1"),
                new BigDecimal("1.0"),
                1 << 18,
                1,
                new BigDecimal("10"),
                new Strategy.Optimizer(new BigDecimal("2.0"), new BigDecimal("0")),
                Strategy.Average.TAIL));
    assertThat(train.evaluation().orElseThrow().metrics())
        .isEqualTo(Set.of(Metric.ACCURACY, Metric.AUC));
    assertThat(train.evaluation().orElseThrow().holdout()).isEmpty();
  }

  @Test
  void readsAnExactTrainingJob() throws Exception {
    JobSpecification job = JobReader.read("job.yaml", utf8(JobFiles.EXACT)).orThrow();
    AnalysisSpec.Train train = (AnalysisSpec.Train) job.analysis();
    assertThat(train.model().hidden()).containsExactly(16, 8);
    assertThat(train.strategy())
        .isEqualTo(
            new Strategy.FedAvg(
                10,
                5,
                32,
                new BigDecimal("0.1"),
                new BigDecimal("0"),
                new BigDecimal("0"),
                new Strategy.Encoding(16, new BigDecimal("4.0"))));
    assertThat(job.isPrivate()).isFalse();
  }

  @Test
  void readsStatistics() throws Exception {
    JobSpecification job = JobReader.read("job.yaml", utf8(JobFiles.STATISTICS)).orThrow();
    assertThat(job.analysis())
        .isEqualTo(new AnalysisSpec.Statistics(List.of("radius", "diagnosis"), 0));
  }

  @Test
  void readsTheSameJobFromJson() throws Exception {
    String json =
        """
        {"schema": "job/1", "name": "cells", "federation": "cardio", "dataset": "cells",
         "nonce": "0123456789abcdef",
         "analysis": {"kind": "statistics", "columns": ["radius", "diagnosis"]}}
        """;
    JobSpecification job = JobReader.read("job.json", utf8(json)).orThrow();
    JobSpecification yaml = JobReader.read("job.yaml", utf8(JobFiles.STATISTICS)).orThrow();
    assertThat(job.analysis()).isEqualTo(yaml.analysis());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schema: job/1|schema: job/2|job.yaml:1:1 schema: file.field: expected job/1",
        "rounds: 50|rounds: 0|job.yaml:8:28 analysis.strategy.rounds: file.field: expected an integer",
        "rounds: 50|rouns: 50|analysis.strategy.rouns: file.field: is not a known field; did you mean",
        "kind: dp-sgd|kind: sgd|analysis.strategy.kind: file.field: expected one of fedavg, dp-sgd",
        "scaling: schema|scaling: guess|expected one of schema, federation, silo, found guess",
        "epsilon: \"1.0\"|epsilon: 1.5|privacy.epsilon: file.field: put the decimal in quotes",
        "epsilon: \"1.0\"|epsilon: \"-1\"|privacy.epsilon: file.field: expected a decimal from 0.001",
        "delta: \"1e-5\"|delta: \"1e-999\"|privacy.delta: file.field: expected a decimal in quotes",
        "samplingRate: \"1\"|samplingRate: \"0\"|samplingRate: file.field: expected a decimal from",
        "samplingRate: \"1\"|samplingRate: \"0.1234567891\"|expected at most nine decimals",
        "name: heart-disease-risk|name: Heart Disease|name: file.field: expected 1 to 64 characters",
        "[age, sex,|[age, age,|analysis.model.features[1]: file.field: age stands twice",
        "label: disease|label: age|analysis.model.label: file.field: the label is a feature too",
        "metrics: [accuracy, auc]|metrics: [accuracy, f1]|metrics[1]: file.field: expected one of",
        "metrics: [accuracy, auc]|metrics: []|metrics: file.field: expected at least one item",
        "nonce: 0123456789abcdef|nonce: short|nonce: file.field: expected 16 to 64 characters",
        "dataset: heart|dataset: {url: http}|dataset: file.field: expected a value, found a group",
        "optimizer: {kind: sgd,|optimizer: {kind: adam,|optimizer.kind: file.field: expected sgd"
      })
  void saysWhatIsWrongAndWhere(String original, String altered, String message) {
    assertThat(JobFiles.PRIVATE).contains(original);
    String text = JobFiles.PRIVATE.replace(original, altered);
    List<Refusal> refusals = JobReader.read("job.yaml", utf8(text)).refusals();
    assertThat(refusals).isNotEmpty();
    assertThat(refusals.stream().map(Refusal::toString))
        .anySatisfy(r -> assertThat(r).contains(message));
  }

  @Test
  void refusesAFileLongerThanAnyJob() {
    String text = JobFiles.PRIVATE + "# " + "x".repeat(JobReader.MAX_BYTES);
    assertThat(JobReader.read("job.yaml", utf8(text)).refusals().getFirst().code())
        .isEqualTo(Code.FILE_TOO_LARGE);
  }

  @Test
  void aNonceIsAddedToYamlAndToJsonWithoutChangingAnythingElse() throws Exception {
    for (String text :
        List.of(
            JobFiles.PRIVATE.replace("nonce: 0123456789abcdef\n", ""),
            "---\n" + JobFiles.STATISTICS.replace("nonce: 0123456789abcdef\n", ""),
            "\n {\"schema\": \"job/1\", \"name\": \"cells\", \"federation\": \"cardio\", \"dataset\":"
                + " \"cells\", \"analysis\": {\"kind\": \"statistics\", \"columns\": [\"a\"]}}")) {
      JobSpecification without = JobReader.read("f", utf8(text)).orThrow();
      assertThat(without.nonce()).isEmpty();
      byte[] file = JobNonce.add(utf8(text), out -> java.util.Arrays.fill(out, (byte) 7));
      JobSpecification with = JobReader.read("f", file).orThrow();
      assertThat(with.nonce()).contains("BwcHBwcHBwcHBwcHBwcHBw");
      assertThat(with.analysis()).isEqualTo(without.analysis());
      assertThat(with.digest()).isNotEqualTo(without.digest());
    }
  }

  /** Any piece of a job taken out or replaced: an answer, and never an exception. */
  @Test
  void mutilatedJobsAreAnsweredNeverThrown() {
    long seed = 20261122;
    java.util.Random random = new java.util.Random(seed);
    String[] pieces = {"", "[]", "{}", "-1", "\"\"", "x", "null", "1e9", "kind", ", ", ": ", "\n"};
    for (String file : List.of(JobFiles.PRIVATE, JobFiles.EXACT, JobFiles.STATISTICS)) {
      for (int i = 0; i < 1500; i++) {
        int from = random.nextInt(file.length());
        int to = Math.min(file.length(), from + random.nextInt(12));
        String altered =
            file.substring(0, from) + pieces[random.nextInt(pieces.length)] + file.substring(to);
        assertThat(JobReader.read("f", utf8(altered))).as("seed %d case %d", seed, i).isNotNull();
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
