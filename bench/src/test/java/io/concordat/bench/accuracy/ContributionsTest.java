package io.concordat.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.demo.data.DemoDatasets;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.privacy.vector.NoisedVector;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.DescribedColumn;
import io.concordat.protocol.analysis.StatisticsAnalysis;
import io.concordat.protocol.policy.Policy;
import io.concordat.silonode.records.SiloRecords;
import io.concordat.silonode.training.Contributions;
import io.concordat.silonode.training.PrivateHalf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ContributionsTest {
  private static final Path DEMO_DATA = Path.of("..", "demo-data");
  private static final Policy POLICY = DemoFederation.policy();
  private static final Digest JOB = Digests.sha256("job".getBytes(StandardCharsets.US_ASCII));

  /** A generator that is stuck: what a cloned machine would have. */
  private static final Contributions STUCK =
      new Contributions(POLICY, out -> Arrays.fill(out, (byte) 1), new byte[32]);

  private static RoundContext round(String name) {
    return RoundContext.of(name.getBytes(StandardCharsets.US_ASCII));
  }

  private static SiloRecords hearts() throws Exception {
    return Objects.requireNonNull(
        DemoFederation.silos(DemoRecords.heartDisease(DEMO_DATA), DemoDatasets.heart())
            .get("zurich-basel"));
  }

  private static long[] values(PrivateHalf.Outcome outcome) {
    return ((PrivateHalf.Outcome.Ready) outcome).vector().values();
  }

  @Test
  void stuckGeneratorGivesOtherNoiseInAnotherRoundAndForAnotherSeal() throws Exception {
    Analysis analysis =
        DemoFederation.analysis(
            DemoFederation.job(DEMO_DATA.resolve("jobs").resolve("heart-disease-risk.yaml")),
            POLICY);
    var state = analysis.initialState();
    SiloRecords records = hearts();
    long[] first = values(STUCK.vector(JOB, "heart", analysis, state, records, round("1"), 1));
    long[] again = values(STUCK.vector(JOB, "heart", analysis, state, records, round("1"), 1));
    long[] other = values(STUCK.vector(JOB, "heart", analysis, state, records, round("2"), 1));
    long[] next = values(STUCK.vector(JOB, "heart", analysis, state, records, round("1"), 2));
    assertThat(again).isEqualTo(first);
    for (int j = 0; j < first.length; j++) {
      assertThat(other[j]).isNotEqualTo(first[j]);
      assertThat(next[j]).isNotEqualTo(first[j]);
    }
  }

  @Test
  void datasetUnderACapGivesNoExactVectorWhateverTheAnalysisSays() throws Exception {
    Analysis exact =
        new StatisticsAnalysis(List.of(new DescribedColumn.Number("age", 0, 120)), 5, 500);
    var outcome = STUCK.vector(JOB, "heart", exact, exact.initialState(), hearts(), round("1"), 1);
    assertThat(outcome).isInstanceOf(PrivateHalf.Outcome.Unfit.class);
  }

  @Test
  void privateRoundsLeaveAsNoisedVectorsOnly() throws Exception {
    Analysis analysis =
        DemoFederation.analysis(
            DemoFederation.job(DEMO_DATA.resolve("jobs").resolve("heart-disease-risk.yaml")),
            POLICY);
    var outcome =
        STUCK.vector(JOB, "heart", analysis, analysis.initialState(), hearts(), round("1"), 1);
    assertThat(((PrivateHalf.Outcome.Ready) outcome).vector()).isInstanceOf(NoisedVector.class);
  }
}
