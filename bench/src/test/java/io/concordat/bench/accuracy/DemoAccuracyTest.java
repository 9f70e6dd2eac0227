package io.concordat.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.job.JobNonce;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class DemoAccuracyTest {
  private static final Path DEMO_DATA = Path.of("..", "demo-data");
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @Test
  void privateHeartModelsReachTheBestPublishedFigureWithoutPrivacyOnAverage() throws Exception {
    assertThat(new DemoAccuracy(DEMO_DATA, 10, NOWHERE).heart()).isGreaterThan(0.78);
  }

  @Test
  void averagedNetworksStaySafelyAboveWhatTheDemoAsserts() throws Exception {
    assertThat(new DemoAccuracy(DEMO_DATA, 2, NOWHERE).breastCancer()).isGreaterThan(0.94);
  }

  @Test
  void thePolicyAllowsBothJobsAsTheyStand() throws Exception {
    for (String name : new String[] {"heart-disease-risk.yaml", "breast-cancer.yaml"}) {
      byte[] file = Files.readAllBytes(DEMO_DATA.resolve("jobs").resolve(name));
      byte[] submitted = JobNonce.add(file, out -> java.util.Arrays.fill(out, (byte) 7));
      JobSpecification job = JobReader.read(name, submitted).orThrow();
      assertThat(JobPlan.of(job, DemoFederation.policy()).refusals()).isEmpty();
    }
  }
}
