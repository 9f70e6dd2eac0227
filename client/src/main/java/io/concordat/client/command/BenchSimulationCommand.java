package io.concordat.client.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat bench simulation}: federations that live through trouble, from seeds. */
@Command(
    name = "simulation",
    mixinStandardHelpOptions = true,
    description = {
      "Whole federations from seeds, with the real protocol on the small ring: processes that die"
          + " wherever something",
      "is persisted, full disks, failed flushes, jumping clocks, lost, doubled and reordered"
          + " messages, partitions and",
      "old snapshots. Prints faults, sums and violations; a bad seed is named and can be run"
          + " again.",
      "Exit status 0 if nothing was violated and every job ended, else 4."
    },
    footer = {
      "",
      "Examples:",
      "  concordat bench simulation --seeds 2000",
      "  concordat bench simulation --first 1033 --seeds 1 --size full",
      "  concordat bench simulation --seeds 2 --every-point"
    })
final class BenchSimulationCommand implements Callable<Integer> {
  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many (default: 1000).")
  private long seeds;

  @Option(
      names = "--first",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The first of them (default: 1).")
  private long first;

  @Option(
      names = "--size",
      paramLabel = "small|full",
      defaultValue = "small",
      description = "Three sums of two jobs, or nine of three (default: small).")
  private String size = "";

  @Option(
      names = "--trouble",
      paramLabel = "rough|none",
      defaultValue = "rough",
      description = "Whether anything goes wrong (default: rough).")
  private String trouble = "";

  @Option(
      names = "--every-point",
      description =
          "Let one thing go wrong a run instead: dying before, failing at, dying after each"
              + " point where something is persisted.")
  private boolean everyPoint;

  @Option(names = "--threads", paramLabel = "N", description = "Default: all processors.")
  private @Nullable Integer threads;

  @Mixin private BenchCommand.JsonFile json = new BenchCommand.JsonFile();

  @Override
  public Integer call() throws IOException, InterruptedException, InvalidInputException {
    if (seeds < 1 || !List.of("small", "full").contains(size)) {
      throw new InvalidInputException("--seeds is at least 1, --size is small or full");
    }
    if (!List.of("rough", "none").contains(trouble)) {
      throw new InvalidInputException("--trouble is rough or none");
    }
    return BenchProcess.of("io.concordat.e2e.simulation.SimulationMain")
        .with("--seeds", seeds)
        .with("--first", first)
        .with("--size", size)
        .with("--trouble", trouble)
        .with("--every-point", everyPoint)
        .with("--threads", threads)
        .with("--json", json.file())
        .run();
  }
}
