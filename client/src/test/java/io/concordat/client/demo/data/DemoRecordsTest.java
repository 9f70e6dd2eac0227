package io.concordat.client.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.client.demo.data.DemoRecords.Side;
import io.concordat.protocol.analysis.Analyses;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoRecordsTest {
  private static final Path DEMO_DATA = Path.of("..", "demo-data");

  @TempDir Path folder;

  private static void expectSizes(DemoRecords records, int[] train, int[] evaluation) {
    for (int i = 0; i < train.length; i++) {
      String hospital = DemoRecords.HOSPITALS.get(i);
      assertThat(records.patients(hospital, Side.TRAIN)).as(hospital).isEqualTo(train[i]);
      assertThat(records.patients(hospital, Side.EVALUATION)).as(hospital).isEqualTo(evaluation[i]);
    }
  }

  @Test
  void heartsAreTheBenchmarksSplit() {
    expectSizes(
        DemoRecords.heartDisease(DEMO_DATA),
        new int[] {199, 172, 30, 85},
        new int[] {104, 89, 16, 45});
  }

  @Test
  void breastCancerIsDealtAsItsReadmeSays() {
    expectSizes(
        DemoRecords.breastCancer(DEMO_DATA),
        new int[] {107, 127, 118, 118},
        new int[] {21, 22, 25, 31});
  }

  @Test
  void nobodyIsInTwoHospitalsOrOnTwoSides() {
    for (DemoRecords records :
        List.of(DemoRecords.heartDisease(DEMO_DATA), DemoRecords.breastCancer(DEMO_DATA))) {
      Set<String> ids = new HashSet<>();
      for (Side side : Side.values()) {
        for (List<String> row : records.pooled(DemoRecords.HOSPITALS, side)) {
          assertThat(ids.add(row.getFirst())).as(row.getFirst()).isTrue();
          assertThat(row).hasSameSizeAs(records.header()).endsWith(side.value());
        }
      }
    }
  }

  @Test
  void everyRecordSatisfiesTheSchemaThatThePolicyDeclares() {
    expectSchema(DemoRecords.heartDisease(DEMO_DATA), DemoDatasets.heart());
    expectSchema(DemoRecords.breastCancer(DEMO_DATA), DemoDatasets.breastCancer());
  }

  private static void expectSchema(DemoRecords records, Dataset dataset) {
    assertThat(records.header())
        .containsExactlyElementsOf(dataset.columns().stream().map(Column::name).toList());
    for (Side side : Side.values()) {
      for (List<String> row : records.pooled(DemoRecords.HOSPITALS, side)) {
        for (int c = 0; c < row.size(); c++) {
          String value = row.get(c);
          boolean fits =
              switch (dataset.columns().get(c)) {
                case Column.Number number -> number.allows(Double.parseDouble(value));
                case Column.Category category -> category.values().contains(value);
                case Column.Identifier _ -> !value.isEmpty();
              };
          assertThat(fits).as("%s %s", records.header().get(c), value).isTrue();
        }
      }
    }
  }

  @Test
  void aHospitalsFileHasAHeaderAndAllItsRows() throws IOException {
    DemoRecords records = DemoRecords.heartDisease(DEMO_DATA);
    List<String> lines = Files.readAllLines(records.write("zurich-basel", folder));
    assertThat(lines).hasSize(1 + 30 + 16);
    assertThat(lines.getFirst())
        .isEqualTo("patient,age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,num,split");
  }

  @Test
  void pooledModelOutsideTheFederationReachesThePublishedAccuracy() throws Exception {
    DemoRecords records = DemoRecords.heartDisease(DEMO_DATA);
    var job =
        JobReader.read(
                "heart",
                Files.readAllBytes(DEMO_DATA.resolve("jobs").resolve("heart-disease-risk.yaml")))
            .orThrow();
    FeatureSpace features =
        Analyses.featureSpace(((AnalysisSpec.Train) job.analysis()).model(), DemoDatasets.heart())
            .orThrow();
    assertThat(features.dimension()).isEqualTo(13);
    LabelledMatrix train =
        LabelledMatrix.of(records, records.pooled(DemoRecords.HOSPITALS, Side.TRAIN), features);
    LabelledMatrix test =
        LabelledMatrix.of(
            records, records.pooled(DemoRecords.HOSPITALS, Side.EVALUATION), features);
    Score score = Score.of(test, OutsideModel.fit(train, 1)::probability);
    assertThat(score.accuracy()).isCloseTo(0.795, within(0.01));
    assertThat(score.auc()).isCloseTo(0.881, within(0.01));
  }

  @Test
  void tiedScoresCountHalfInTheAreaUnderTheCurve() {
    DemoRecords records = DemoRecords.heartDisease(DEMO_DATA);
    FeatureSpace features =
        new FeatureSpace(
            List.of(new FeatureSpace.Feature.Number("age", 0, 120, 50, 10)),
            new FeatureSpace.LabelRule.Levels("num", List.of("1", "2", "3", "4")),
            FeatureSpace.Scaling.SCHEMA);
    LabelledMatrix rows =
        LabelledMatrix.of(records, records.pooled(DemoRecords.HOSPITALS, Side.TRAIN), features);
    assertThat(Score.of(rows, _ -> 0.3).auc()).isEqualTo(0.5);
    Score up = Score.of(rows, x -> x[0] / 120);
    Score down = Score.of(rows, x -> -x[0] / 120);
    assertThat(up.auc() + down.auc()).isCloseTo(1, within(1e-12));
  }
}
