package io.concordat.bench.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.privacy.evidence.CanaryAudit;
import org.junit.jupiter.api.Test;

class CanaryRunTest {
  @Test
  void theCodeAsItIsShowsNoMoreThanItClaims() throws Exception {
    for (long seed = 1; seed <= 3; seed++) {
      CanaryRun.Outcome outcome = CanaryRun.run("2.0", 1, seed);
      // Strong enough to have shown more, and it did not.
      assertThat(outcome.verdict()).as("seed %s", seed).isEqualTo(CanaryAudit.Verdict.CONSISTENT);
      assertThat(outcome.audit().right()).isLessThan(90);
    }
  }

  @Test
  void noiseFiveTimesTooSmallIsShownByOneRun() throws Exception {
    CanaryRun.Outcome outcome = CanaryRun.run("2.0", 5, 1);
    assertThat(outcome.verdict()).isEqualTo(CanaryAudit.Verdict.INCONSISTENT);
    assertThat(outcome.audit().epsilonLowerBound()).isGreaterThan(2.0);
  }
}
