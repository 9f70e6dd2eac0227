package io.concordat.privacy.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.privacy.accountant.GaussianRound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BudgetBookTest {

  private static final RenyiFilter CAP =
      RenyiFilter.forCap(new BigDecimal("8"), new BigDecimal("1e-5"));
  private static final Account ACCOUNT = new Account("silo-a", "patientId");
  private static final Account OTHER = new Account("silo-b", "patientId");

  /** Costs exactly 1 at order 4, but for the margin of a price. */
  private static final GaussianRound UNIT = new GaussianRound(1, Math.sqrt(2), 1);

  private static final BudgetBook OPEN =
      BudgetBook.empty().withAccount(ACCOUNT, CAP).withAccount(OTHER, CAP);

  @Test
  void jobReservesItsWholePriceBeforeItsFirstRound() {
    BudgetBook book = admitted(OPEN.startJob("job-1", both(3)));
    assertThat(position(book).reserved()).isEqualByComparingTo(price(3));
    assertThat(book.startJob("job-2", both(2))).isInstanceOf(BudgetDecision.Refused.class);
    assertThat(book.startJob("job-3", both(1))).isInstanceOf(BudgetDecision.Admitted.class);
  }

  @Test
  void refusalNamesTheAccountThePriceAndWhatIsLeft() {
    BudgetBook book = admitted(OPEN.startJob("job-1", Map.of(OTHER, rounds(4))));
    BudgetDecision.Refused refused = (BudgetDecision.Refused) book.startJob("job-2", both(1));
    assertThat(refused.account()).isEqualTo(OTHER);
    assertThat(refused.asked()).isEqualByComparingTo(price(1));
    assertThat(refused.left()).isEqualByComparingTo(CAP.rhoMax().subtract(price(4)));
    assertThat(book.position(ACCOUNT).orElseThrow().reserved()).isZero();
  }

  @Test
  void roundsAreChargedOutOfTheReservation() {
    BudgetBook book = admitted(OPEN.startJob("job-1", both(4)));
    BigDecimal left = position(book).left();
    for (long round = 0; round < 4; round++) {
      book = admitted(book.charge(new RoundKey("job-1", round), both(1)));
      assertThat(position(book).left()).isEqualByComparingTo(left);
    }
    assertThat(position(book).charged())
        .isEqualByComparingTo(price(1).multiply(BigDecimal.valueOf(4)));
    assertThat(book.charge(new RoundKey("job-1", 4), both(1)))
        .isInstanceOf(BudgetDecision.Refused.class);
  }

  @Test
  void sealedRoundCountsUntilTheLogClosesIt() {
    RoundKey key = new RoundKey("job-1", 7);
    BudgetBook book = admitted(OPEN.charge(key, both(2)));
    assertThat(position(book).charged()).isEqualByComparingTo(price(2));
    assertThat(position(book.closed(key)).charged()).isZero();
    assertThat(position(book.counted(key).closed(key)).charged()).isEqualByComparingTo(price(2));
  }

  @Test
  void closedRoundThatAppearsAgainCountsAgain() {
    RoundKey key = new RoundKey("job-1", 0);
    BudgetBook closed = admitted(OPEN.charge(key, both(2))).closed(key);
    assertThat(position(admitted(closed.charge(key, both(2)))).charged())
        .isEqualByComparingTo(price(2));
  }

  @Test
  void everyStepMayBeRepeated() {
    RoundKey key = new RoundKey("job-1", 0);
    BudgetBook once =
        admitted(admitted(OPEN.startJob("job-1", both(3))).charge(key, both(1))).counted(key);
    BudgetBook twice =
        admitted(admitted(once.startJob("job-1", both(3))).charge(key, both(1))).counted(key);
    assertThat(twice).isEqualTo(once);
    assertThat(once.endJob("job-1").endJob("job-1")).isEqualTo(once.endJob("job-1"));
  }

  @Test
  void runningJobCannotEnlargeItsReservation() {
    BudgetBook book = admitted(OPEN.startJob("job-1", both(1)));
    assertThat(admitted(book.startJob("job-1", both(4)))).isEqualTo(book);
  }

  @Test
  void endedJobFreesWhatItDidNotUse() {
    BudgetBook book = admitted(OPEN.startJob("job-1", both(4)));
    book = admitted(book.charge(new RoundKey("job-1", 0), both(1))).endJob("job-1");
    assertThat(position(book).reserved()).isZero();
    assertThat(position(book).charged()).isEqualByComparingTo(price(1));
    assertThat(book.startJob("job-2", both(3))).isInstanceOf(BudgetDecision.Admitted.class);
  }

  @Test
  void chargesAreAllOrNothing() {
    BudgetBook book = admitted(OPEN.charge(new RoundKey("job-1", 0), Map.of(OTHER, rounds(4))));
    assertThat(book.charge(new RoundKey("job-2", 0), both(1)))
        .isInstanceOf(BudgetDecision.Refused.class);
    assertThat(position(book).charged()).isZero();
  }

  @Test
  void whatTheLogShowsIsChargedEvenBeyondTheCap() {
    BudgetBook book = OPEN.recorded(new RoundKey("job-1", 0), both(9));
    assertThat(position(book).left()).isNegative();
    assertThat(book.startJob("job-2", both(1))).isInstanceOf(BudgetDecision.Refused.class);
  }

  @Test
  void mergedBookIsNeverBelowEither() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      BudgetBook own = randomBook(random);
      BudgetBook log = randomBook(random);
      BudgetBook merged = own.mergedWithLog(log);
      assertThat(position(merged).charged())
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(position(own).charged())
          .isGreaterThanOrEqualTo(position(log).charged());
    }
  }

  @Test
  void oldSnapshotStartsFromTheLog() {
    RoundKey lost = new RoundKey("job-1", 1);
    BudgetBook snapshot = admitted(OPEN.charge(new RoundKey("job-1", 0), both(1)));
    BudgetBook log = OPEN.recorded(new RoundKey("job-1", 0), both(1)).recorded(lost, both(1));
    assertThat(position(snapshot.mergedWithLog(log)).charged())
        .isEqualByComparingTo(price(1).multiply(BigDecimal.TWO));
  }

  @Test
  void onlyTheLogClosesARoundOfAMergedBook() {
    RoundKey key = new RoundKey("job-1", 0);
    BudgetBook sealed = admitted(OPEN.charge(key, both(1)));
    assertThat(position(sealed.mergedWithLog(sealed.closed(key))).charged()).isZero();
    assertThat(position(sealed.closed(key).mergedWithLog(sealed)).charged())
        .isEqualByComparingTo(price(1));
  }

  @Test
  void totalsOfALostBookAreKept() {
    BudgetBook book = OPEN.atLeast(Map.of(ACCOUNT, new BigDecimal("2.5")));
    assertThat(position(book).charged()).isEqualByComparingTo("2.5");
    assertThat(position(book.atLeast(Map.of(ACCOUNT, new BigDecimal("2")))).charged())
        .isEqualByComparingTo("2.5");
  }

  @Test
  void sumsDoNotDependOnTheOrderOfRounds() {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
    BudgetBook first = recordedInOrder(order);
    java.util.Collections.shuffle(order, new Random(5));
    assertThat(recordedInOrder(order)).isEqualTo(first);
  }

  @Test
  void anotherCapPricesEveryRoundAnew() {
    RenyiFilter small = RenyiFilter.forCap(new BigDecimal("1"), new BigDecimal("1e-5"));
    assertThat(small.alpha()).isNotEqualTo(CAP.alpha());
    BudgetBook book =
        admitted(OPEN.charge(new RoundKey("job-1", 0), both(1))).withAccount(ACCOUNT, small);
    assertThat(position(book).charged()).isEqualByComparingTo(small.price(rounds(1)));
    BudgetBook carried = OPEN.atLeast(Map.of(ACCOUNT, BigDecimal.ONE)).withAccount(ACCOUNT, small);
    assertThat(position(carried).left()).isNotPositive();
  }

  @Test
  void accountWithoutCapIsUnknown() {
    assertThat(BudgetBook.empty().startJob("job-1", both(1)))
        .isEqualTo(new BudgetDecision.Unknown(ACCOUNT));
  }

  @Test
  void informationEpsilonLeavesClosedRoundsOut() {
    RoundKey key = new RoundKey("job-1", 0);
    BudgetBook book = admitted(OPEN.charge(key, both(1)));
    assertThat(book.epsilonIfFixedInAdvance(ACCOUNT, 1e-5)).isGreaterThan(1);
    assertThat(book.closed(key).epsilonIfFixedInAdvance(ACCOUNT, 1e-5)).isZero();
  }

  private static BudgetBook recordedInOrder(List<Integer> order) {
    BudgetBook book = OPEN;
    for (int i : order) {
      book =
          book.recorded(
              new RoundKey("job-" + i % 3, i),
              Map.of(ACCOUNT, List.of(new GaussianRound(0.1 + 0.1 * i, 3 + i, 7))));
    }
    return book;
  }

  private static BudgetBook randomBook(Random random) {
    BudgetBook book = OPEN;
    for (int i = 0; i < 6; i++) {
      RoundKey key = new RoundKey("job-" + random.nextInt(2), random.nextInt(4));
      book = book.recorded(key, both(1 + random.nextInt(3)));
      if (random.nextBoolean()) {
        book = book.counted(key);
      }
    }
    return random.nextBoolean() ? book : book.atLeast(Map.of(ACCOUNT, new BigDecimal("3.25")));
  }

  private static BudgetBook admitted(BudgetDecision decision) {
    assertThat(decision).isInstanceOf(BudgetDecision.Admitted.class);
    return ((BudgetDecision.Admitted) decision).book();
  }

  private static Position position(BudgetBook book) {
    return book.position(ACCOUNT).orElseThrow();
  }

  private static Map<Account, List<GaussianRound>> both(long count) {
    return Map.of(ACCOUNT, rounds(count), OTHER, rounds(count));
  }

  private static List<GaussianRound> rounds(long count) {
    return List.of(UNIT.times(count));
  }

  private static BigDecimal price(long count) {
    return CAP.price(rounds(count));
  }
}
