package io.concordat.silonode.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Notices that the machine was taken back to a snapshot, or copied, while this process ran in it:
 * the process itself goes on as if nothing had happened, and so do its memory, its disk and its
 * random generator.
 *
 * <p>Two kinds of signs are compared with those of a moment ago. Names of the machine that a
 * hypervisor changes with a restored or cloned machine (the VM generation id where the kernel shows
 * it, the machine's UUID, the boot id). And the distance between the wall clock and the clock that
 * counts since boot: while a machine lies in a snapshot, or sleeps, the second stands still and the
 * first is set right afterwards.
 *
 * <p>Non-promise: a hypervisor that shows no generation id and restores the wall clock, too, is not
 * noticed, and neither is a snapshot taken less than {@link #JUMP} ago. Such a machine counts among
 * those that the policy's bound of corrupt ones allows for.
 */
final class MachineWatch {
  /**
   * Clocks that are corrected run apart by milliseconds between two looks; a wall clock that is set
   * by hand by more than this raises a false alarm, which costs one round of questions.
   */
  static final Duration JUMP = Duration.ofSeconds(20);

  private static final int MAX_NAME_BYTES = 4096;

  private final Source source;
  private final Map<String, String> names;
  private Duration apart;

  /** What can be seen of the machine. */
  interface Source {
    /** Names of the machine, by where they come from; those that cannot be read are left out. */
    Map<String, String> names();

    /** The time of day. */
    Instant wall();

    /** Time that this machine has run, from any beginning. */
    Duration running();
  }

  MachineWatch(Source source) {
    this.source = source;
    names = new TreeMap<>(source.names());
    apart = apart();
  }

  private Duration apart() {
    return Duration.ofSeconds(source.wall().getEpochSecond(), source.wall().getNano())
        .minus(source.running());
  }

  /** In what the machine is another one than at the last look; empty if it is the same. */
  Optional<String> changed() {
    Map<String, String> namesNow = source.names();
    Duration apartNow = apart();
    Optional<String> sign = Optional.empty();
    for (Map.Entry<String, String> name : namesNow.entrySet()) {
      String before = names.get(name.getKey());
      if (before != null && !before.equals(name.getValue())) {
        sign = Optional.of(name.getKey() + " changed");
      }
    }
    Duration jump = apartNow.minus(apart);
    if (sign.isEmpty() && jump.abs().compareTo(JUMP) > 0) {
      sign =
          Optional.of(
              "the wall clock moved by " + jump.toSeconds() + " s against the running time");
    }
    // A name that cannot be read for a while is compared with what it was before.
    names.putAll(namesNow);
    apart = apartNow;
    return sign;
  }

  /** The signs that Linux shows. */
  static Source ofThisMachine(InstantSource clock) {
    List<Path> files =
        List.of(
            Path.of("/sys/firmware/qemu_fw_cfg/by_name/etc/vmgenid_guid/raw"),
            Path.of("/sys/class/dmi/id/product_uuid"),
            Path.of("/sys/class/dmi/id/product_serial"),
            Path.of("/proc/sys/kernel/random/boot_id"));
    return new Source() {
      @Override
      public Map<String, String> names() {
        TreeMap<String, String> names = new TreeMap<>();
        for (Path file : files) {
          read(file).ifPresent(name -> names.put(file.toString(), name));
        }
        return names;
      }

      @Override
      public Instant wall() {
        return clock.instant();
      }

      @Override
      public Duration running() {
        // CLOCK_MONOTONIC: it goes on from where the snapshot left it.
        return Duration.ofNanos(System.nanoTime());
      }
    };
  }

  private static Optional<String> read(Path file) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (var in = Files.newInputStream(file)) {
      return Optional.of(
          new String(in.readNBytes(MAX_NAME_BYTES), StandardCharsets.ISO_8859_1).strip());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
