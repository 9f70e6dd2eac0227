package io.concordat.e2e.simulation;

import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.Write;
import java.time.Instant;
import java.util.List;

/** A process with a disk and a clock: where it dies, and what it finds when it comes back. */
abstract class Machine {
  private static final Instant BEGINNING = Instant.parse("2026-10-05T08:00:00Z");

  final String id;
  final World world;
  MemoryStore store = new MemoryStore();

  /** What the process reads and writes; what it holds is lost when the process dies. */
  LateStore late = new LateStore(store);

  MemoryBlobs blobs = new MemoryBlobs(this::diskFull);
  boolean up;
  long life;
  private long clockOffset;
  private long fullUntil = -1;

  Machine(String id, World world) {
    this.id = id;
    this.world = world;
  }

  final boolean diskFull() {
    return world.network.now() < fullUntil;
  }

  final Instant now() {
    return BEGINNING.plusMillis(world.network.now() + clockOffset);
  }

  /** Lets the clock jump by up to an hour, mostly by less, and back again sooner or later. */
  final void maybeJump() {
    if (world.chance.once(world.network.trouble().clockJump())) {
      world.network.fault();
      clockOffset = world.chance.between(-60_000, 60_000);
    }
    if (world.healed()) {
      clockOffset = 0;
    }
  }

  /**
   * Writes as the world allows, on the disk or not yet; false if the process is down afterwards.
   */
  final boolean write(List<Write> writes, boolean flush) {
    late.hold(writes);
    if (flush) {
      return flush();
    }
    if (!writes.isEmpty()
        && (world.persisting() != World.Fate.NONE
            || world.chance.once(world.network.trouble().killBefore()))) {
      world.network.fault();
      die(world.chance.between(50, 5000), true);
      return false;
    }
    return true;
  }

  private boolean flush() {
    Trouble trouble = world.network.trouble();
    if (late.isEmpty()) {
      return true;
    }
    if (diskFull() || world.chance.once(trouble.full())) {
      if (!diskFull()) {
        world.network.fault();
        fullUntil = world.network.now() + world.chance.between(100, 3000);
      }
      die(fullUntil - world.network.now() + 1, false);
      return false;
    }
    World.Fate planned = world.persisting();
    if (planned == World.Fate.DIES_BEFORE || world.chance.once(trouble.killBefore())) {
      world.network.fault();
      die(world.chance.between(50, 5000), true);
      return false;
    }
    if (planned == World.Fate.FAILS || world.chance.once(trouble.failedSync())) {
      // Nobody can say what is on the disk after a flush that failed; the process opens its store
      // again, as a shell does whose commit failed.
      world.network.fault();
      if (planned != World.Fate.FAILS && world.chance.once(0.5)) {
        late.flush();
      }
      die(1, false);
      return false;
    }
    late.flush();
    if (planned == World.Fate.DIES_AFTER || world.chance.once(trouble.killAfter())) {
      world.network.fault();
      die(world.chance.between(50, 5000), true);
      return false;
    }
    return true;
  }

  /** Flushes a file as the world allows; false if it failed or the process is down afterwards. */
  final boolean writeFile(String name, byte[] bytes) {
    if (diskFull() || world.chance.once(world.network.trouble().failedSync())) {
      world.network.fault();
      return false;
    }
    World.Fate planned = world.persisting();
    if (planned == World.Fate.FAILS) {
      world.network.fault();
      return false;
    }
    if (planned == World.Fate.DIES_BEFORE
        || world.chance.once(world.network.trouble().killBefore())) {
      world.network.fault();
      die(world.chance.between(50, 5000), true);
      return false;
    }
    blobs.put(name, bytes);
    if (planned == World.Fate.DIES_AFTER
        || world.chance.once(world.network.trouble().killAfter())) {
      world.network.fault();
      die(world.chance.between(50, 5000), true);
      return false;
    }
    return true;
  }

  private void die(long millis, boolean maySetBack) {
    up = false;
    life++;
    if (maySetBack) {
      beforeRestart();
    }
    late = new LateStore(store);
    world.network.after(millis, this::start);
  }

  /** Kills the process now and starts it again on another disk. */
  final void restartOn(MemoryStore disk, long millis) {
    store = disk;
    die(millis, false);
  }

  /** Runs something later unless the process has died in between. */
  final void later(long millis, Runnable action) {
    long mine = life;
    world.network.after(
        millis,
        () -> {
          if (up && life == mine) {
            action.run();
          }
        });
  }

  /** A chance to come back on something else than the newest disk. */
  void beforeRestart() {}

  abstract void start();
}
