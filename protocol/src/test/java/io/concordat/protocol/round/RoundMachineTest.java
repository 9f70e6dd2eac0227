package io.concordat.protocol.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundEvent.Attempt;
import io.concordat.protocol.round.RoundState.Phase;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.testing.Handmade;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RoundMachineTest {
  private final Handmade log = new Handmade().begun();
  private final RoundRecord round = log.announce(log.running(Handmade.OPEN, 2));
  private final RoundMachine machine =
      new RoundMachine(Duration.ofSeconds(5), Duration.ofMinutes(1));
  private final Instant start = log.time;
  private RoundState state =
      RoundState.announced(round.announcement(), new RoundState.Terms(3, 3, false, List.of()));
  private final List<Statement> appended = new ArrayList<>();
  private final List<RoundCommand> commands = new ArrayList<>();

  private Optional<Code> step(RoundEvent event, Instant now) {
    RoundStep step = machine.step(state, event, now);
    state = step.state();
    appended.addAll(step.append());
    commands.addAll(step.commands());
    return step.refusal().map(Refusal::code);
  }

  private SignedStatement header(String silo) {
    List<ContributionHeader.Box> boxes =
        log.positions().stream()
            .map(p -> new ContributionHeader.Box(p, Digests.sha256(silo + p)))
            .toList();
    return SignedStatement.sign(
        new ContributionHeader(round.ctx(), silo, 100, Digests.sha256(silo), boxes, 0),
        log.signer(silo));
  }

  private void arrive(String silo) {
    step(new RoundEvent.HeaderArrived(header(silo)), start);
    step(new RoundEvent.CiphertextComplete(header(silo).digest()), start);
  }

  private void accept(int position, String... silos) {
    List<Member> members = new ArrayList<>();
    for (String silo : silos) {
      members.add(new Member(silo, header(silo).digest()));
    }
    String holder = log.silos.get(position - 1);
    step(
        new RoundEvent.AcceptanceArrived(
            SignedStatement.sign(
                new Acceptance(round.ctx(), position, members), log.signer(holder))),
        start);
  }

  private void sumReady(List<String> cohort) {
    List<Digest> digests = cohort.stream().map(s -> header(s).digest()).toList();
    step(
        new RoundEvent.SumReady(round.ctx(), digests, Digests.sha256("sum"), 100, Optional.empty()),
        start);
  }

  private CohortFixed manifest() {
    return appended.stream()
        .filter(CohortFixed.class::isInstance)
        .map(CohortFixed.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private void fixAll() {
    log.silos.forEach(this::arrive);
    String[] all = log.silos.toArray(String[]::new);
    for (int position = 1; position <= 4; position++) {
      accept(position, all);
    }
    sumReady(log.silos);
  }

  private void answer(int position) {
    step(new RoundEvent.RecordLogged(position), start);
    step(
        new RoundEvent.KeySumArrived(
            SignedStatement.sign(
                new KeySumStated(
                    manifest().digest(), position, Digests.sha256("answer " + position)),
                log.signer(log.silos.get(position - 1)))),
        start);
  }

  private void fingerprintsReady() {
    step(
        new RoundEvent.FingerprintsReady(
            round.ctx(), List.of(new byte[72], new byte[72], new byte[72], new byte[72])),
        start);
  }

  @Test
  void fixesAtOnceWhenAllHaveArrivedAndEveryHolderAccepted() {
    fixAll();
    assertThat(state.phase()).isEqualTo(Phase.OPENING);
    assertThat(manifest().silos()).isEqualTo(log.silos);
    assertThat(manifest().openers()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void theSumIsAskedForBeforeTheHoldersAnswered() {
    log.silos.forEach(this::arrive);
    assertThat(commands).hasSize(1);
    assertThat(commands.getFirst()).isInstanceOf(RoundCommand.SumCohort.class);
    assertThat(appended).isEmpty();
  }

  @Test
  void aSecondContributionOfASiloIsRefusedAndTheSameOneIsNot() {
    arrive("silo-0");
    ContributionHeader other =
        new ContributionHeader(round.ctx(), "silo-0", 100, Digests.sha256("other"), List.of(), 0);
    assertThat(
            step(
                new RoundEvent.HeaderArrived(SignedStatement.sign(other, log.signer("silo-0"))),
                start))
        .contains(Code.CONTRIBUTION_SECOND);
    assertThat(step(new RoundEvent.HeaderArrived(header("silo-0")), start)).isEmpty();
  }

  @Test
  void withoutOneHoldersListItWaitsForTheGraceAndGoesOn() {
    log.silos.forEach(this::arrive);
    String[] all = log.silos.toArray(String[]::new);
    for (int position = 1; position <= 3; position++) {
      accept(position, all);
    }
    sumReady(log.silos);
    step(new RoundEvent.Clock(Set.of()), start.plusSeconds(4));
    assertThat(state.phase()).isEqualTo(Phase.COLLECTING);
    step(new RoundEvent.Clock(Set.of()), start.plusSeconds(5));
    assertThat(manifest().openers()).containsExactly(1, 2, 3);
  }

  @Test
  void atTheDeadlineAContributionThatTooFewAcceptedStaysOut() {
    log.silos.forEach(this::arrive);
    for (int position = 1; position <= 4; position++) {
      accept(position, "silo-0", "silo-1", "silo-3");
    }
    accept(1, "silo-0", "silo-1", "silo-2", "silo-3");
    Instant deadline = round.announcement().deadline();
    step(new RoundEvent.Clock(Set.of()), deadline);
    sumReady(List.of("silo-0", "silo-1", "silo-3"));
    step(new RoundEvent.Clock(Set.of()), deadline);
    assertThat(manifest().silos()).containsExactly("silo-0", "silo-1", "silo-3");
    assertThat(manifest().openers()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aCohortBelowTheMinimumIsNeverFixed() {
    arrive("silo-0");
    arrive("silo-1");
    for (int position = 1; position <= 4; position++) {
      accept(position, "silo-0", "silo-1");
    }
    step(new RoundEvent.Clock(Set.of()), round.announcement().deadline());
    assertThat(state.phase()).isEqualTo(Phase.ABANDONED);
    assertThat(appended).isEmpty();
  }

  @Test
  void anExactJobsCohortIsItsFirstOrNothing() {
    state =
        RoundState.announced(round.announcement(), new RoundState.Terms(3, 3, false, log.silos));
    List<String> three = log.silos.subList(0, 3);
    three.forEach(this::arrive);
    for (int position = 1; position <= 4; position++) {
      accept(position, three.toArray(String[]::new));
    }
    step(new RoundEvent.Clock(Set.of()), round.announcement().deadline());
    assertThat(state.phase()).isEqualTo(Phase.ABANDONED);
  }

  @Test
  void aSiloThatIsGoneIsNotWaitedForInANoisedJobAndIsInAnExactOne() {
    RoundState exact = state;
    state = RoundState.announced(round.announcement(), new RoundState.Terms(3, 3, true, List.of()));
    List<String> three = log.silos.subList(0, 3);
    three.forEach(this::arrive);
    for (int position = 1; position <= 4; position++) {
      accept(position, three.toArray(String[]::new));
    }
    step(new RoundEvent.Clock(Set.of()), start);
    assertThat(state.phase()).isEqualTo(Phase.COLLECTING);
    step(new RoundEvent.Clock(Set.of("silo-3")), start);
    sumReady(three);
    step(new RoundEvent.Clock(Set.of("silo-3")), start);
    assertThat(manifest().silos()).isEqualTo(three);

    state = exact;
    three.forEach(this::arrive);
    for (int position = 1; position <= 4; position++) {
      accept(position, three.toArray(String[]::new));
    }
    step(new RoundEvent.Clock(Set.of("silo-3")), start);
    assertThat(state.phase()).isEqualTo(Phase.COLLECTING);
  }

  @Test
  void anOlderShorterListTakesNoAcceptanceBack() {
    log.silos.forEach(this::arrive);
    accept(1, "silo-0", "silo-1");
    accept(1, "silo-0");
    assertThat(state.accepted(1)).hasSize(2);
  }

  @Test
  void anAnswerWithoutARecordInTheLogIsRefused() {
    fixAll();
    SignedStatement answer =
        SignedStatement.sign(
            new KeySumStated(manifest().digest(), 1, Digests.sha256("x")), log.signer("silo-0"));
    assertThat(step(new RoundEvent.KeySumArrived(answer), start)).contains(Code.HOLDER_NO_RECORD);
  }

  @Test
  void opensWithTAnswersAndClaimsTheFingerprintsItComputed() {
    fixAll();
    fingerprintsReady();
    answer(1);
    answer(2);
    assertThat(commands).noneMatch(RoundCommand.TryOpening.class::isInstance);
    answer(4);
    assertThat(commands).anyMatch(RoundCommand.TryOpening.class::isInstance);
    Digest next = Digests.sha256("next");
    step(
        new RoundEvent.OpeningTried(
            round.ctx(),
            List.of(1, 2, 4),
            new Attempt.Opened(
                List.of(1, 2, 4),
                Digests.sha256("K"),
                new StateShape(next, false, "test-256-150", 5, 16))),
        start);
    RoundOpened opened = (RoundOpened) appended.getLast();
    assertThat(opened.state()).isEqualTo(next);
    assertThat(opened.fingerprints()).isEqualTo(Digests.sha256(new byte[4 * 72]));
  }

  @Test
  void aFurtherAnswerIsTriedWhenTheFirstOnesDoNotOpen() {
    fixAll();
    fingerprintsReady();
    answer(1);
    answer(2);
    answer(3);
    step(
        new RoundEvent.OpeningTried(round.ctx(), List.of(1, 2, 3), new Attempt.NotYet("no subset")),
        start);
    assertThat(state.phase()).isEqualTo(Phase.OPENING);
    answer(4);
    assertThat(commands.stream().filter(RoundCommand.TryOpening.class::isInstance)).hasSize(2);
    step(
        new RoundEvent.OpeningTried(
            round.ctx(), List.of(1, 2, 3, 4), new Attempt.NotYet("no subset")),
        start);
    assertThat(state.phase()).isEqualTo(Phase.SPOILED);
    assertThat(((RoundFailed) appended.getLast()).kind()).isEqualTo(RoundFailed.Kind.SPOILED);
  }

  @Test
  void aFingerprintThatIsNotThatOfTheStoredCiphertextIsRefused() {
    fixAll();
    fingerprintsReady();
    byte[] wrong = new byte[72];
    wrong[3] = 1;
    SignedStatement stated =
        SignedStatement.sign(
            new FingerprintStated(manifest().digest(), "silo-1", wrong), log.signer("silo-1"));
    assertThat(step(new RoundEvent.FingerprintArrived(stated), start))
        .contains(Code.ROUND_FINGERPRINT);
    assertThat(state.fingerprints()).isEmpty();
  }

  @Test
  void aFingerprintThatCameTooEarlyIsDroppedWhenItTurnsOutWrong() {
    fixAll();
    byte[] wrong = new byte[72];
    wrong[3] = 1;
    step(
        new RoundEvent.FingerprintArrived(
            SignedStatement.sign(
                new FingerprintStated(manifest().digest(), "silo-1", wrong), log.signer("silo-1"))),
        start);
    fingerprintsReady();
    assertThat(state.fingerprints()).isEmpty();
  }

  @Test
  void stateReadsBackAndItsWorkIsAskedForAgain() throws Exception {
    fixAll();
    fingerprintsReady();
    answer(1);
    answer(2);
    answer(3);
    List<SignedStatement> statements = new ArrayList<>();
    statements.addAll(state.headers().values());
    statements.addAll(state.acceptances().values());
    statements.addAll(state.keySums().values());
    RoundState read = RoundState.fromJson(state.toJson(), statements);
    assertThat(read.toJson()).isEqualTo(state.toJson());
    assertThat(read.headers()).isEqualTo(state.headers());
    assertThat(machine.resume(read, start).commands())
        .anyMatch(RoundCommand.TryOpening.class::isInstance);
  }

  @Test
  void aMalformedContributionStaysOutAndTheOthersGoOn() {
    log.silos.forEach(this::arrive);
    step(new RoundEvent.SumRefused(round.ctx(), List.of(header("silo-2").digest())), start);
    for (int position = 1; position <= 4; position++) {
      accept(position, log.silos.toArray(String[]::new));
    }
    step(new RoundEvent.Clock(Set.of()), round.announcement().deadline());
    sumReady(List.of("silo-0", "silo-1", "silo-3"));
    step(new RoundEvent.Clock(Set.of()), round.announcement().deadline());
    assertThat(manifest().silos()).containsExactly("silo-0", "silo-1", "silo-3");
  }
}
