package io.concordat.verify;

import static io.concordat.verify.LoggedFederation.HOSPITALS;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.Thaw;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the offline verification says of freezes, decisions and versions. */
class AgreementChecksTest {
  @TempDir private Path folder;

  private static void say(LoggedFederation world, String who, Statement what) {
    world.append(who, Objects.requireNonNull(world.nodeKeys.get(who)), what);
  }

  private Check check(LoggedFederation world, String name) throws Exception {
    return PackReader.verify(folder, world, world.pack()).stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFreezeAndItsThawAreFollowedAndNamed() throws Exception {
    LoggedFederation world = new LoggedFederation(5);
    world.begin();
    long at = world.leaves().size();
    say(world, "budapest", new Freeze("budapest", 1, "an exercise"));
    for (String hospital : HOSPITALS.subList(0, 3)) {
      say(world, hospital, new Thaw(hospital, 2, at, "over"));
    }
    world.complete(world.submit(Jobs.AVERAGING));
    assertThat(PackReader.verify(folder, world, world.pack()))
        .allMatch(Check::ok, "every check passes");
    assertThat(check(world, AgreementStage.FROZEN).detail()).startsWith("1 freezes;");
  }

  @Test
  void openingsDuringAFreezeAreBrokenRules() throws Exception {
    LoggedFederation world = new LoggedFederation(6);
    world.begin();
    JobRecord job = world.submit(Jobs.AVERAGING);
    say(world, "budapest", new Freeze("budapest", 1, "stop"));
    new LoggedRound(world, job).run(new java.util.TreeSet<>(HOSPITALS));
    assertThat(check(world, ReplayStage.RULES).outcome()).isEqualTo(Check.Outcome.FAILED);
    assertThat(check(world, AgreementStage.FROZEN).detail()).contains("frozen at the log's end");
  }

  @Test
  void aReleaseThatEveryOfficerApprovedBeforeItsOnlyRoundPasses() throws Exception {
    LoggedFederation world = new LoggedFederation(7, "releases: automatic", "releases: manual");
    world.begin();
    JobRecord job = world.submit(Jobs.STATISTICS);
    for (String hospital : HOSPITALS) {
      say(
          world,
          hospital,
          new ReleaseDecision(ReleaseDecision.Kind.APPROVED, job.digest(), hospital, "seen"));
    }
    world.complete(job);
    List<Check> checks = PackReader.verify(folder, world, world.pack());
    assertThat(checks).allMatch(Check::ok, "every check passes");
    assertThat(check(world, AgreementStage.DECIDED).detail()).startsWith("4 decisions");
  }

  @Test
  void aReleaseThatNobodyApprovedIsABrokenRule() throws Exception {
    LoggedFederation world = new LoggedFederation(8, "releases: automatic", "releases: manual");
    world.begin();
    JobRecord job = world.submit(Jobs.STATISTICS);
    new LoggedRound(world, job).run(new java.util.TreeSet<>(HOSPITALS));
    assertThat(check(world, ReplayStage.RULES).detail()).contains("job.awaits-release");
  }
}
