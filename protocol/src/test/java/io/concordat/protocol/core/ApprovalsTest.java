package io.concordat.protocol.core;

import static io.concordat.protocol.testing.Handmade.OPEN;
import static io.concordat.protocol.testing.Handmade.code;
import static io.concordat.protocol.testing.Handmade.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.lifecycle.JobAction;
import io.concordat.protocol.lifecycle.JobMachine;
import io.concordat.protocol.lifecycle.JobState;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Approval.Mode;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.MemoryRows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Officers decide before a job runs, and before its result can be known. */
final class ApprovalsTest {
  private static JobDecision approve(JobRecord job, String silo) {
    return new JobDecision(JobDecision.Kind.APPROVED, job.digest(), silo, "read");
  }

  private static ReleaseDecision release(ReleaseDecision.Kind kind, JobRecord job, String silo) {
    return new ReleaseDecision(kind, job.digest(), silo, "read");
  }

  private static JobAction decided(Handmade log, JobRecord job) {
    return new JobMachine(Duration.ofMinutes(10))
        .decide(
            JobState.submitted(job),
            job,
            Optional.empty(),
            new JobMachine.View(log.time, Set.copyOf(log.silos), log.ledger.frozen(), List.of()),
            log.time);
  }

  @Test
  void aJobWaitsUntilEveryOfficerHasDecidedAndRunsWithThoseThatSaidYes() {
    Handmade log = new Handmade(4, true, false).begun();
    JobRecord job = log.running(OPEN, 1);
    assertThat(job.awaitsApproval()).isTrue();
    for (String silo : log.silos.subList(0, 3)) {
      assertThat(decided(log, job)).isInstanceOf(JobAction.Wait.class);
      good(log.byNode(silo, approve(job, silo)));
    }
    assertThat(decided(log, job)).isInstanceOf(JobAction.Wait.class);
    good(
        log.byNode(
            "silo-3",
            new JobDecision(JobDecision.Kind.REJECTED, job.digest(), "silo-3", "not this")));
    assertThat(job.awaitsApproval()).isFalse();
    assertThat(decided(log, job))
        .isInstanceOfSatisfying(
            JobAction.Announce.class,
            a -> assertThat(a.announcement().roster()).isEqualTo(log.silos.subList(0, 3)));
  }

  @Test
  void aJobThatNobodyDecidesAboutEndsAfterItsTermWithAReasonOfItsOwn() {
    Handmade log = new Handmade(4, true, false).begun();
    JobRecord job = log.running(OPEN, 1);
    log.time = job.time().plus(JobMachine.APPROVAL_TERM).minusSeconds(1);
    assertThat(decided(log, job)).isInstanceOf(JobAction.Wait.class);
    log.time = job.time().plus(JobMachine.APPROVAL_TERM);
    assertThat(decided(log, job))
        .isInstanceOfSatisfying(
            JobAction.End.class,
            e -> {
              assertThat(e.ended().outcome()).isEqualTo(JobEnded.Outcome.REFUSED);
              assertThat(e.ended().code()).contains(Code.JOB_APPROVAL_TERM.text());
            });
  }

  @Test
  void aReleaseWaitsBeforeTheLastOpeningAndNotAfterIt() {
    Handmade log = new Handmade(4, false, true).begun();
    JobRecord job = log.running(OPEN, 2);
    log.open(job, log.silos);
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.JOB_AWAITS_RELEASE);
    assertThat(job.opened()).isEqualTo(1);
    assertThat(job.awaitsApproval()).isTrue();
  }

  @Test
  void anAnnouncementOfTheLastRoundBeforeTheDecisionsBurnsItsNumberAndOpensNothing() {
    Handmade log = new Handmade(4, false, true).begun();
    JobRecord job = log.running(OPEN, 1);
    HandNode node = new HandNode(log, "silo-0");
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.JOB_AWAITS_RELEASE);
    node.caughtUp(log);
    assertThat(node.asked(ContributorCommand.Prepare.class)).isEmpty();
    for (String silo : log.silos) {
      good(log.byNode(silo, release(ReleaseDecision.Kind.APPROVED, job, silo)));
    }
    good(log.byAggregator(log.announcement(job)));
    node.caughtUp(log);
    assertThat(node.asked(ContributorCommand.Prepare.class)).hasSize(1);
  }

  @Test
  void aRejectedReleaseEndsTheJobUnopened() {
    Handmade log = new Handmade(4, false, true).begun();
    JobRecord job = log.running(OPEN, 1);
    good(log.byNode("silo-1", release(ReleaseDecision.Kind.REJECTED, job, "silo-1")));
    assertThat(code(log.byNode("silo-1", release(ReleaseDecision.Kind.APPROVED, job, "silo-1"))))
        .contains(Code.JOB_NOT_APPROVED);
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.JOB_NOT_APPROVED);
    assertThat(decided(log, job))
        .isInstanceOfSatisfying(
            JobAction.End.class,
            e -> assertThat(e.ended().outcome()).isEqualTo(JobEnded.Outcome.REFUSED));
  }

  /** An overlay that decides by hand and forbids jobs of more than {@code steps} openings. */
  private static SiteRules overlay(int steps) {
    return overlay(steps, SiteLimits.NONE);
  }

  private static SiteRules overlay(int steps, SiteLimits limits) {
    return new SiteRules() {
      @Override
      public Approval approval() {
        return new Approval(Mode.MANUAL, Mode.AUTOMATIC);
      }

      @Override
      public SiteLimits limits() {
        return limits;
      }

      @Override
      public Optional<Refusal> refuses(JobRecord job) {
        return job.terms().steps() <= steps
            ? Optional.empty()
            : Optional.of(Refusal.of(Code.JOB_OUTSIDE_SITE, "at most " + steps + " openings here"));
      }

      @Override
      public OptionalLong capUnits(JobRecord job, FederationRules inForce) {
        return OptionalLong.empty();
      }
    };
  }

  @Test
  void aSiteThatDecidesByHandIsWaitedForWhereThePolicyIsAutomatic() {
    Handmade log = new Handmade().begun();
    HandNode node =
        new HandNode(log, "silo-1", new MemoryRows(), log.book(), overlay(9)).caughtUp(log);
    assertThat(node.posted(SiteDeclared.class))
        .containsExactly(new SiteDeclared("silo-1", Mode.MANUAL, Mode.AUTOMATIC, SiteLimits.NONE));
    good(log.byNode("silo-1", node.posted(SiteDeclared.class).getFirst()));
    JobRecord job = log.running(OPEN, 1);
    assertThat(job.undecided()).containsExactly("silo-1");
    assertThat(decided(log, job)).isInstanceOf(JobAction.Wait.class);
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.ROUND_ROSTER);
    good(log.byNode("silo-1", approve(job, "silo-1")));
    good(log.byAggregator(log.announcement(job)));
  }

  @Test
  void aNodeWhoseOverlayChangesDeclaresAnewAndOneWhoseOverlayIsGoneTakesItBack() {
    Handmade log = new Handmade().begun();
    SiteLimits statisticsOnly =
        new SiteLimits(
            Optional.empty(), Optional.of(new SiteLimits.Grants(true, Optional.empty())));
    SiteDeclared first = declares(log, overlay(9, statisticsOnly));
    assertThat(first.limits()).isEqualTo(statisticsOnly);
    HandNode again =
        new HandNode(log, "silo-1", new MemoryRows(), log.book(), overlay(9, statisticsOnly))
            .caughtUp(log);
    assertThat(again.posted(SiteDeclared.class)).as("said before").isEmpty();
    assertThat(declares(log, overlay(9)).limits()).isEqualTo(SiteLimits.NONE);
    SiteDeclared last = declares(log, SiteRules.NONE);
    assertThat(last.jobs()).isEqualTo(Mode.AUTOMATIC);
    assertThat(
            new HandNode(log, "silo-1", new MemoryRows()).caughtUp(log).posted(SiteDeclared.class))
        .isEmpty();
  }

  /** What a node posts at its start beside this overlay; it enters the log. */
  private static SiteDeclared declares(Handmade log, SiteRules site) {
    HandNode node = new HandNode(log, "silo-1", new MemoryRows(), log.book(), site).caughtUp(log);
    assertThat(node.posted(SiteDeclared.class)).hasSize(1);
    SiteDeclared declared = node.posted(SiteDeclared.class).getFirst();
    good(log.byNode("silo-1", declared));
    return declared;
  }

  @Test
  void aSiloWhoseSiteDecidesByHandGivesNothingEvenWhenTheLogDidNotWaitForIt() {
    Handmade log = new Handmade().begun();
    HandNode node = new HandNode(log, "silo-1", new MemoryRows(), log.book(), overlay(9));
    JobRecord job = log.running(OPEN, 2);
    log.announce(job);
    node.caughtUp(log);
    assertThat(node.asked(ContributorCommand.Prepare.class)).isEmpty();
    good(log.byNode("silo-1", approve(job, "silo-1")));
    node.caughtUp(log);
    assertThat(node.asked(ContributorCommand.Prepare.class)).hasSize(1);
  }

  @Test
  void aJobThatTheOverlayForbidsIsRejectedByThatSiloWithItsOwnCodeAndRunsWithoutIt() {
    Handmade log = new Handmade().begun();
    HandNode node =
        new HandNode(log, "silo-1", new MemoryRows(), log.book(), overlay(1)).caughtUp(log);
    JobRecord job = log.running(OPEN, 2);
    node.caughtUp(log);
    assertThat(node.trouble.orElseThrow().code()).isEqualTo(Code.JOB_OUTSIDE_SITE);
    JobDecision said = node.posted(JobDecision.class).getFirst();
    assertThat(said.kind()).isEqualTo(JobDecision.Kind.REJECTED);
    assertThat(said.reason()).startsWith(Code.JOB_OUTSIDE_SITE.text());
    good(log.byNode("silo-1", said));
    assertThat(job.available()).containsExactly("silo-0", "silo-2", "silo-3");
    node.caughtUp(log);
    assertThat(node.posted(JobDecision.class)).hasSize(1);
  }
}
