package io.concordat.protocol.ledger;

import static io.concordat.protocol.testing.Handmade.CAP;
import static io.concordat.protocol.testing.Handmade.CAPPED;
import static io.concordat.protocol.testing.Handmade.OPEN;
import static io.concordat.protocol.testing.Handmade.PRICE;
import static io.concordat.protocol.testing.Handmade.code;
import static io.concordat.protocol.testing.Handmade.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.TemplateApproved;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.MemoryRows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A newer policy in a running log. */
final class VersionsInForceTest {
  private final Handmade log = new Handmade().begun();
  private final List<String> all = log.silos;
  private final List<String> turned = List.of("silo-3", "silo-2", "silo-1", "silo-0");

  @Test
  void aVersionThatEndsRunningJobsLetsTheirRoundOpenAndNoOtherBegin() {
    JobRecord job = log.running(OPEN, 3);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, all);
    log.activate(log.next(all, CAP));
    log.record(manifest, 3);
    good(log.byAggregator(log.opened(manifest, Digests.sha256("next"))));
    assertThat(round.outcome()).isEqualTo(RoundRecord.Outcome.OPENED);
    assertThat(code(log.byAggregator(log.announcement(job)))).contains(Code.JOB_POLICY_CHANGED);
    good(
        log.byAggregator(
            new JobEnded(
                job.digest(),
                JobEnded.Outcome.FAILED,
                Optional.of(Code.JOB_POLICY_CHANGED.text()),
                Optional.empty())));
  }

  @Test
  void aMereRenewalLetsRunningJobsGoOnUnderTheirOwnVersion() {
    JobRecord job = log.running(OPEN, 2);
    log.open(job, all);
    log.gentle.add(2L);
    log.activate(log.next(all, CAP));
    assertThat(log.announcement(job).policy()).isEqualTo(log.rules.policy());
    log.open(job, all);
    assertThat(job.rules().version()).isEqualTo(1);
    assertThat(log.running(OPEN, 1).rules().version()).isEqualTo(2);
  }

  @Test
  void holdersArePinnedTheRoundUnderWayIsOpenedByTheOldOnesInTheirPlaces() {
    JobRecord job = log.running(OPEN, 2);
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, all);
    log.activate(log.next(turned, CAP));
    // Position 1 is silo-0 in the job's version and silo-3 in the one in force.
    assertThat(code(log.byNode("silo-3", new OpeningRecorded(manifest.digest(), 1))))
        .contains(Code.STATEMENT_SIGNER);
    good(log.byNode("silo-0", new OpeningRecorded(manifest.digest(), 1)));
    assertThat(round.records()).containsOnlyKeys(1);
  }

  @Test
  void versionsFollowEachOtherWithoutGapReturnOrRepeat() {
    FederationRules second = log.next(all, CAP);
    FederationRules third = log.next(all, CAP);
    assertThat(code(log.byAggregator(new PolicyActivated(3, third.policy()))))
        .contains(Code.POLICY_VERSION);
    assertThat(code(log.byAggregator(new PolicyActivated(1, log.rules.policy()))))
        .contains(Code.POLICY_VERSION);
    log.activate(second);
    assertThat(code(log.byAggregator(new PolicyActivated(2, second.policy()))))
        .contains(Code.POLICY_VERSION);
    log.activate(third);
    assertThat(log.ledger.rules()).isEqualTo(third);
  }

  @Test
  void anExpiredVersionIsNotPutIntoForce() {
    FederationRules second = log.next(all, CAP);
    log.time = second.expires().plus(Duration.ofDays(1));
    assertThat(code(log.byAggregator(new PolicyActivated(2, second.policy()))))
        .contains(Code.POLICY_EXPIRED);
  }

  @Test
  void whatWasSpentBeforeANewVersionCountsUnderIt() {
    JobRecord job = log.running(CAPPED, 4);
    for (int round = 0; round < 4; round++) {
      log.open(job, all);
    }
    good(log.byAggregator(ended(job)));
    log.activate(log.next(all, 5 * PRICE));
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(4 * PRICE);
    assertThat(log.ledger.budgets().left("silo-0", CAPPED)).contains(PRICE);
    assertThat(code(log.submit(log.job(CAPPED, 2)))).contains(Code.JOB_BUDGET);
    good(log.submit(log.job(CAPPED, 1)));
  }

  @Test
  void aTightenedCapHoldsForTheRoundUnderWayToo() {
    JobRecord job = log.running(CAPPED, 4);
    log.open(job, all);
    RoundRecord round = log.announce(job);
    log.activate(log.next(all, PRICE));
    assertThat(code(log.byAggregator(log.manifest(round.ctx(), all)))).contains(Code.ROUND_BUDGET);
  }

  @Test
  void theTwoCohortsOfADatasetWithoutCapSurviveVersions() {
    log.open(log.running(OPEN, 1), all);
    log.activate(log.next(all, CAP));
    RoundRecord round = log.announce(log.running(OPEN, 1));
    assertThat(code(log.byAggregator(log.manifest(round.ctx(), all.subList(0, 3)))))
        .contains(Code.ROUND_COHORT_CHANGED);
  }

  private static JobEnded ended(JobRecord job) {
    return new JobEnded(
        job.digest(), JobEnded.Outcome.SUCCEEDED, Optional.empty(), Optional.of(job.state()));
  }

  @Test
  void aNodeWithoutTheActivatedFileStopsAndGoesOnOnceItHasIt() {
    PolicyBook old = PolicyBook.of(log.rules);
    MemoryRows rows = new MemoryRows();
    HandNode node = new HandNode(log, "silo-0", rows, old, SiteRules.NONE).caughtUp(log);
    assertThat(node.core.acting()).isTrue();
    log.activate(log.next(all, CAP));
    node.caughtUp(log);
    assertThat(node.core.acting()).isFalse();
    assertThat(node.core.trouble().orElseThrow().code()).isEqualTo(Code.POLICY_MISMATCH);
    HandNode again = new HandNode(log, "silo-0", rows).caughtUp(log);
    assertThat(again.core.acting()).isTrue();
    assertThat(again.core.ledger().rules().version()).isEqualTo(2);
  }

  @Test
  void aVersionNamesAModelGraphOnlyOnceTwoInstitutionsHaveReviewedIt() {
    TemplateSubmitted submitted = Graphs.submitted(log);
    Digest graph = submitted.template();
    FederationRules next = log.next(all, CAP, Set.of(graph));
    PolicyActivated activation = new PolicyActivated(2, next.policy());
    assertThat(code(log.byAggregator(activation))).contains(Code.POLICY_TEMPLATE);
    assertThat(code(log.byNode("silo-1", new TemplateApproved(graph, "early", "silo-1"))))
        .as("nobody reviews what is not there")
        .contains(Code.TEMPLATE_UNKNOWN);
    good(log.append(LogEntry.SUBMITTER, "submitter", submitted));
    good(log.byNode("silo-1", new TemplateApproved(graph, "echo-net", "silo-1")));
    good(log.byNode("silo-1", new TemplateApproved(graph, "echo-net again", "silo-1")));
    assertThat(code(log.byAggregator(activation))).contains(Code.POLICY_TEMPLATE);
    assertThat(code(log.append("silo-2", "aggregator", new TemplateApproved(graph, "e", "silo-2"))))
        .contains(Code.STATEMENT_SIGNER);
    good(log.byNode("silo-2", new TemplateApproved(graph, "echo-net", "silo-2")));
    assertThat(log.ledger.reviewers(graph)).containsExactly("silo-1", "silo-2");
    good(log.byAggregator(activation));
  }

  @Test
  void headsAreJudgedByThePolicyOfTheirNewestEntry() {
    long before = log.ledger.size();
    log.activate(log.next(all, CAP));
    assertThat(log.ledger.rulesAt(before + 1).version()).isEqualTo(1);
    assertThat(log.ledger.rulesAt(before + 2).version()).isEqualTo(2);
  }
}
