package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.round.RoundState.Phase;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.JobEnded;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A process is killed at a moment of a round that has a name, and comes back with its disk: the
 * round goes on where it was, and no other has to take its place.
 */
final class KilledInEveryStateTest {
  private static final int SILOS = 4;
  private static final String VICTIM = "silo-1";

  /** What a round looks like from the aggregator, from its announcement to its opening. */
  private static Map<String, Predicate<RoundState>> moments() {
    Map<String, Predicate<RoundState>> moments = new LinkedHashMap<>();
    moments.put("announced", s -> s.phase() == Phase.COLLECTING && s.headers().isEmpty());
    moments.put("a header has come", s -> s.headers().size() == 1);
    moments.put(
        "some contributions are whole",
        s -> !s.complete().isEmpty() && s.complete().size() < SILOS);
    moments.put("all are whole", s -> s.complete().size() == SILOS && s.manifest().isEmpty());
    moments.put("being summed", s -> !s.summing().isEmpty());
    moments.put("a holder has accepted", s -> s.manifest().isEmpty() && !s.acceptances().isEmpty());
    moments.put("summed", s -> s.sum().isPresent() && s.manifest().isEmpty());
    moments.put("cohort fixed", s -> s.phase() == Phase.OPENING && s.computed().isEmpty());
    moments.put("fingerprints", s -> s.phase() == Phase.OPENING && !s.fingerprints().isEmpty());
    moments.put("recorded", s -> s.phase() == Phase.OPENING && !s.records().isEmpty());
    moments.put("answered", s -> s.phase() == Phase.OPENING && !s.keySums().isEmpty());
    moments.put("being opened", s -> !s.trying().isEmpty());
    // Opening and the next announcement are one step.
    moments.put("opened", s -> s.announcement().round() == 2 && s.headers().isEmpty());
    return moments;
  }

  private static Optional<RoundState> round(World world) {
    return world.aggregator.core().ledger().jobs().stream()
        .findFirst()
        .flatMap(JobRecord::current)
        .flatMap(r -> world.aggregator.core().round(r.ctx()));
  }

  private static World running(int inlineBytes) {
    World world = new World(3, World.Shape.ALL.getFirst(), Trouble.NONE, inlineBytes);
    world.start();
    world.submit(World.OPEN, 2, 9);
    return world;
  }

  /** Steps until the moment has come. */
  private static void until(World world, String name, Predicate<RoundState> moment) {
    boolean come = false;
    while (!come && world.network.now() < 100_000 && world.network.step()) {
      come = world.aggregator.up && round(world).filter(moment).isPresent();
    }
    assertThat(come).as("the round was never so: %s", name).isTrue();
  }

  private static void endsAsIfNothingHadHappened(World world, String name) {
    assertThat(world.runUntilJobsEnd(300_000)).as(name).isTrue();
    world.check();
    assertThat(world.oracle.violations()).as(name).isEmpty();
    assertThat(world.outcomes())
        .as(name)
        .hasSize(1)
        .allMatch(o -> o.map(JobEnded::outcome).equals(Optional.of(JobEnded.Outcome.SUCCEEDED)));
    assertThat(world.aggregator.core().ledger().jobs())
        .allSatisfy(job -> assertThat(job.rounds()).as(name).hasSize(2));
  }

  @Test
  void theAggregatorGoesOnWithTheRoundWhereverItWas() {
    for (int inlineBytes : new int[] {0, 1 << 20}) {
      moments()
          .forEach((name, moment) -> {
            World world = running(inlineBytes);
            until(world, name, moment);
            world.aggregator.restartOn(world.aggregator.store, 50);
            endsAsIfNothingHadHappened(world, name + ", " + inlineBytes);
          });
    }
  }

  @Test
  void aSiloOrHolderGoesOnWithTheRoundWhereverItWas() {
    for (int inlineBytes : new int[] {0, 1 << 20}) {
      moments()
          .forEach((name, moment) -> {
            World world = running(inlineBytes);
            until(world, name, moment);
            SimulatedNode victim = Optional.ofNullable(world.nodes.get(VICTIM)).orElseThrow();
            victim.restartOn(victim.store, 50);
            endsAsIfNothingHadHappened(world, name + ", " + inlineBytes);
          });
    }
  }

  @Test
  void aSiloKilledAfterSealingSendsTheSealedBytes() {
    World world = running(1 << 20);
    until(
        world,
        "sealed and on its way",
        s -> s.header(VICTIM).isEmpty() && sealed(world).isPresent());
    ContributionHeader sealed = sealed(world).orElseThrow();
    SimulatedNode victim = Optional.ofNullable(world.nodes.get(VICTIM)).orElseThrow();
    victim.restartOn(victim.store, 50);
    until(world, "arrived", s -> s.header(VICTIM).isPresent());
    assertThat(round(world).flatMap(s -> s.header(VICTIM))).contains(sealed);
    endsAsIfNothingHadHappened(world, "after sealing");
  }

  private static Optional<ContributionHeader> sealed(World world) {
    return world.sent().stream()
        .map(sent -> sent.post().statement().statement())
        .filter(ContributionHeader.class::isInstance)
        .map(ContributionHeader.class::cast)
        .filter(header -> header.silo().equals(VICTIM))
        .findFirst();
  }

  @Test
  void aSiloKilledDuringItsUploadSendsTheRest() {
    World world = running(0);
    until(
        world,
        "announced and not whole",
        s ->
            s.header(VICTIM).isPresent()
                && s.candidates().stream().noneMatch(m -> m.silo().equals(VICTIM)));
    SimulatedNode victim = Optional.ofNullable(world.nodes.get(VICTIM)).orElseThrow();
    victim.restartOn(victim.store, 50);
    endsAsIfNothingHadHappened(world, "during the upload");
  }
}
