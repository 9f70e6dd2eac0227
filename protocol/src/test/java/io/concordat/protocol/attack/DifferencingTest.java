package io.concordat.protocol.attack;

import static io.concordat.protocol.testing.Handmade.CAPPED;
import static io.concordat.protocol.testing.Handmade.OPEN;
import static io.concordat.protocol.testing.Handmade.PRICE;
import static io.concordat.protocol.testing.Handmade.code;
import static io.concordat.protocol.testing.Handmade.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.testing.Handmade;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sum of A, then the sum of A without x: their difference is x alone. */
final class DifferencingTest {
  private final Handmade log = new Handmade().begun();
  private final List<String> three = log.silos.subList(0, 3);

  @Test
  void withoutACapTheSecondCohortIsRefusedInTheSameJobAndInTheNext() {
    JobRecord job = log.running(OPEN, 2);
    log.open(job, log.silos);
    assertThat(code(log.byAggregator(log.manifest(log.announce(job).ctx(), three))))
        .contains(Code.ROUND_COHORT_CHANGED);
    JobRecord next = log.running(OPEN, 1);
    assertThat(code(log.byAggregator(log.manifest(log.announce(next).ctx(), three))))
        .contains(Code.ROUND_COHORT_CHANGED);
  }

  @Test
  void underACapBothOpeningsAreCharged() {
    JobRecord job = log.running(CAPPED, 2);
    log.open(job, log.silos);
    log.open(job, three);
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(2 * PRICE);
    assertThat(log.ledger.budgets().committed("silo-3", "capped")).isEqualTo(PRICE);
  }

  @Test
  void anAttemptThatMayHaveBeenOpenedInSecretIsCharged() {
    JobRecord job = log.running(CAPPED, 1);
    log.record(log.fix(log.announce(job), log.silos), 2);
    log.open(job, three);
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo(2 * PRICE);
  }

  /**
   * Each quorum of holders saw only its own openings; with a book of its own for each holder, every
   * subset of three could spend the whole cap anew.
   */
  @Test
  void theBudgetIsTheLogsAndNotEachHoldersOwn() {
    List<List<Integer>> quorums =
        List.of(List.of(1, 2, 3), List.of(1, 2, 4), List.of(1, 3, 4), List.of(2, 3, 4));
    int opened = 0;
    for (int i = 0; i < 40; i++) {
      var submitted = log.submit(log.job(CAPPED, 1));
      if (submitted.reason().isPresent()) {
        assertThat(code(submitted)).contains(Code.JOB_BUDGET);
        continue;
      }
      JobRecord job = log.ledger.jobs().stream().reduce((a, b) -> b).orElseThrow();
      log.publishBoxKeys(job);
      RoundRecord round = log.announce(job);
      CohortFixed manifest = log.fix(round, log.silos);
      for (int position : quorums.get(i % quorums.size())) {
        good(
            log.byNode(
                log.silos.get(position - 1), new OpeningRecorded(manifest.digest(), position)));
      }
      opened++;
    }
    assertThat(opened).isEqualTo((int) (Handmade.CAP / PRICE));
  }

  /**
   * Five holders of whom two open, which no policy reader lets through: with a book of its own each
   * holder would join in ten openings, and disjoint pairs make 25 of them. Every holder replays all
   * manifests, so there are ten.
   */
  @Test
  void aCapOfTenIsTenReleasesAndNotTwentyFiveWithFiveHoldersOfWhomTwoOpen() {
    Handmade five = new Handmade(5, 2, false).begun();
    int[] ownBooks = new int[5];
    int withOwnBooks = 0;
    int opened = 0;
    for (int i = 0; i < 40; i++) {
      int one = 2 * i % 5;
      int other = (2 * i + 1) % 5;
      if (ownBooks[one] < 10 && ownBooks[other] < 10) {
        ownBooks[one]++;
        ownBooks[other]++;
        withOwnBooks++;
      }
      var submitted = five.submit(five.job(CAPPED, 1));
      if (submitted.reason().isPresent()) {
        assertThat(code(submitted)).contains(Code.JOB_BUDGET);
        continue;
      }
      JobRecord job = five.ledger.jobs().stream().reduce((a, b) -> b).orElseThrow();
      five.publishBoxKeys(job);
      CohortFixed manifest = five.fix(five.announce(job), five.silos);
      for (int holder : List.of(one, other)) {
        good(
            five.byNode(
                five.silos.get(holder), new OpeningRecorded(manifest.digest(), holder + 1)));
      }
      opened++;
    }
    assertThat(withOwnBooks).isEqualTo(25);
    assertThat(opened).isEqualTo(10);
    assertThat(five.ledger.budgets().committed("silo-0", "capped")).isEqualTo(Handmade.CAP);
  }

  @Test
  void aCohortThatOverflowedTwiceIsNotTriedAThirdTime() {
    JobRecord job = log.running(CAPPED, 5);
    for (int i = 0; i < 2; i++) {
      CohortFixed manifest = log.fix(log.announce(job), log.silos);
      log.record(manifest, 3);
      good(
          log.byAggregator(
              new RoundFailed(
                  RoundFailed.Kind.OVERFLOW, manifest.digest(), List.of(1, 2, 3), "too large")));
    }
    assertThat(code(log.byAggregator(log.manifest(log.announce(job).ctx(), log.silos))))
        .contains(Code.ROUND_OVERFLOW);
    assertThat(log.ledger.budgets().committed("silo-0", "capped")).isEqualTo((2 + 5) * PRICE);
  }
}
