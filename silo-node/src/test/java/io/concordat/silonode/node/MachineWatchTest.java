package io.concordat.silonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MachineWatchTest {
  /** A machine whose every sign can be turned. */
  private static final class Machine implements MachineWatch.Source {
    final TreeMap<String, String> names =
        new TreeMap<>(Map.of("generation", "5e9c", "boot", "a-b-c"));
    Instant wall = Instant.parse("2026-10-05T08:00:00Z");
    Duration running = Duration.ofHours(5);

    @Override
    public Map<String, String> names() {
      return Map.copyOf(names);
    }

    @Override
    public Instant wall() {
      return wall;
    }

    @Override
    public Duration running() {
      return running;
    }

    void passes(Duration time) {
      wall = wall.plus(time);
      running = running.plus(time);
    }
  }

  private final Machine machine = new Machine();
  private final MachineWatch watch = new MachineWatch(machine);

  @Test
  void timeThatPassesAndClocksThatAreCorrectedAreNoSign() {
    for (int hour = 0; hour < 48; hour++) {
      machine.passes(Duration.ofHours(1));
      machine.wall = machine.wall.plusMillis(hour % 2 == 0 ? 800 : -900);
      assertThat(watch.changed()).isEmpty();
    }
  }

  @Test
  void anotherGenerationIdIsNoticedOnce() {
    machine.names.put("generation", "77aa");
    assertThat(watch.changed()).hasValueSatisfying(sign -> assertThat(sign).contains("generation"));
    assertThat(watch.changed()).isEmpty();
  }

  @Test
  void aWallClockThatRanOnWhileTheMachineLayInASnapshotIsNoticed() {
    machine.passes(Duration.ofMillis(200));
    machine.wall = machine.wall.plus(Duration.ofMinutes(10));
    assertThat(watch.changed()).hasValueSatisfying(sign -> assertThat(sign).contains("600 s"));
    machine.passes(Duration.ofMillis(200));
    assertThat(watch.changed()).isEmpty();
  }

  @Test
  void aClockSetBackIsNoticedToo() {
    machine.wall = machine.wall.minus(Duration.ofHours(1));
    assertThat(watch.changed()).isPresent();
  }

  @Test
  void aNameThatCannotBeReadForAMomentIsNoSign() {
    machine.names.remove("generation");
    assertThat(watch.changed()).isEmpty();
    machine.names.put("generation", "5e9c");
    assertThat(watch.changed()).isEmpty();
    machine.names.remove("generation");
    assertThat(watch.changed()).isEmpty();
    machine.names.put("generation", "77aa");
    assertThat(watch.changed()).isPresent();
  }

  @Test
  void thisMachineShowsTheSameSignsTwice() {
    MachineWatch real = new MachineWatch(MachineWatch.ofThisMachine(InstantSource.system()));
    assertThat(real.changed()).isEmpty();
    assertThat(real.changed()).isEmpty();
  }
}
