package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.statement.JobEnded;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimulationTest {
  @Test
  void aQuietFederationOpensEverySumOfEveryJob() {
    for (long seed = 1; seed <= 3; seed++) {
      Run run = Run.of(seed, Trouble.NONE, Plan.FULL);
      assertThat(run.violations()).as("seed " + seed).isEmpty();
      assertThat(run.outcomes())
          .as("seed " + seed)
          .hasSize(3)
          .allMatch(o -> o.map(JobEnded::outcome).stream().allMatch(SimulationTest::succeeded));
    }
  }

  private static boolean succeeded(JobEnded.Outcome outcome) {
    return outcome == JobEnded.Outcome.SUCCEEDED;
  }

  /**
   * Kills, losses, doubles, full disks, snapshots, jumping clocks: nothing wrong is ever opened.
   */
  @Test
  void noTroubleOpensAWrongSumASecondCohortAnUnchargedRoundOrLosesAnEntry() {
    List<String> bad = new ArrayList<>();
    long faults = 0;
    long sums = 0;
    for (long seed = 1000; seed < 1024; seed++) {
      Run run = Run.of(seed, Trouble.ROUGH, Plan.SMALL);
      faults += run.faults();
      sums += run.sums();
      if (!run.good()) {
        bad.add("seed " + seed + ": ended " + run.ended() + " " + run.violations());
      }
    }
    assertThat(bad).isEmpty();
    assertThat(faults).isGreaterThan(400);
    assertThat(sums).isGreaterThan(100);
  }

  @Test
  void aSeedGivesTheSameRunAgain() {
    Run one = Run.of(77, Trouble.ROUGH, Plan.FULL);
    assertThat(Run.of(77, Trouble.ROUGH, Plan.FULL)).isEqualTo(one);
  }

  /**
   * A process that dies before, or after, anything it persists, or whose disk says that it failed:
   * nothing wrong, and the jobs end as if nothing had happened.
   */
  @Test
  void dyingAtAnyPersistencePointCostsNoJob() {
    for (long seed = 1; seed <= 2; seed++) {
      long points = Run.with(seed, -1, World.Fate.NONE).persisted();
      assertThat(points).isGreaterThan(80);
      // Some of them here; `concordat bench simulation --every-point` runs all.
      for (long point = seed; point < points; point += 29) {
        for (World.Fate fate : EnumSet.complementOf(EnumSet.of(World.Fate.NONE))) {
          Run run = Run.with(seed, point, fate);
          String name = "seed " + seed + " point " + point + " " + fate;
          assertThat(run.violations()).as(name).isEmpty();
          assertThat(run.outcomes())
              .as(name)
              .hasSize(2)
              .allMatch(o -> o.map(JobEnded::outcome).stream().allMatch(SimulationTest::succeeded));
        }
      }
    }
  }
}
