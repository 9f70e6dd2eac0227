package io.concordat.bench.engine;

import io.concordat.bench.page.Section;
import io.concordat.crypto.ring.kernel.RingKernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The program behind {@code concordat bench engine}; options as in {@link #USAGE}. */
public final class EngineBench {
  private static final String USAGE =
      """
      usage: concordat bench engine [--json FILE] [--readme FOLDER] [--sizes N,N,..] [--seconds S]
             [--hexl PROGRAM]
        --json FILE      also write the figures as one JSON object
        --readme FOLDER  write the section of README.md and engine.svg there
        --sizes N,N,..   values of a contribution (default 100000,1000000,25600000,100000000)
        --seconds S      processor time spent on each figure (default 1)
        --hexl PROGRAM   a concordat_seal_bench built on a SEAL with Intel HEXL: measured too
      """;

  /** How often everything is measured; the best counts. */
  private static final int TURNS = 3;

  private EngineBench() {}

  private record Options(
      Optional<Path> json,
      Optional<Path> readme,
      long[] sizes,
      double seconds,
      Optional<Path> hexl) {
    static Options parse(String[] arguments) {
      Optional<Path> json = Optional.empty();
      Optional<Path> readme = Optional.empty();
      Optional<Path> hexl = Optional.empty();
      long[] sizes = {100_000, 1_000_000, 25_600_000, 100_000_000};
      double seconds = 1;
      for (int i = 0; i < arguments.length; i += 2) {
        if (i + 1 == arguments.length) {
          throw new IllegalArgumentException(arguments[i] + " needs a value\n" + USAGE);
        }
        String value = arguments[i + 1];
        switch (arguments[i]) {
          case "--json" -> json = Optional.of(Path.of(value));
          case "--readme" -> readme = Optional.of(Path.of(value));
          case "--hexl" -> hexl = Optional.of(Path.of(value));
          case "--sizes" ->
              sizes = Arrays.stream(value.split(",")).mapToLong(EngineBench::size).toArray();
          case "--seconds" -> seconds = Double.parseDouble(value);
          default ->
              throw new IllegalArgumentException("unknown option " + arguments[i] + "\n" + USAGE);
        }
      }
      return new Options(json, readme, sizes, seconds, hexl);
    }
  }

  private static long size(String text) {
    double size = Double.parseDouble(text);
    if (size < 1 || size > 1L << 29 || size != Math.rint(size)) {
      throw new IllegalArgumentException("a size is 1 to 536870912, found " + text);
    }
    return (long) size;
  }

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    say("kernel: " + RingKernels.description());
    Map<String, Figure> best = new LinkedHashMap<>();
    String versions = "";
    for (int turn = 1; turn <= TURNS; turn++) {
      say("turn " + turn + " of " + TURNS);
      Peers peers = peers(options);
      versions = peers.versions();
      for (Figure figure : turn(options, peers, turn == 1)) {
        // A first seal is the first only once.
        best.merge(
            figure.name(),
            figure,
            (found, more) -> found.name().contains(".first.") ? found : found.orBetter(more));
      }
    }
    List<Figure> figures = List.copyOf(best.values());
    Report report = new Report(figures, options.sizes, versions);
    System.out.print(report.text());
    if (options.json.isPresent()) {
      Files.writeString(options.json.get(), report.json());
    }
    if (options.readme.isPresent()) {
      new Section("engine").write(options.readme.get().resolve("README.md"), report.markdown());
      Files.writeString(
          options.readme.get().resolve("engine.svg"), new Plot(figures, options.sizes).svg());
    }
  }

  private static Peers peers(Options options) throws Exception {
    say("measuring SEAL ...");
    Optional<SealPeer> seal = SealPeer.measure(options.seconds);
    if (seal.isEmpty()) {
      say("this build has no SEAL: its peers are left out (native/README.md says how to build it)");
    }
    Optional<SealPeer> hexl = Optional.empty();
    if (options.hexl.isPresent()) {
      say("measuring HEXL ...");
      hexl = Optional.of(SealPeer.run(options.hexl.get(), options.seconds));
    }
    return new Peers(seal, hexl);
  }

  private static List<Figure> turn(Options options, Peers peers, boolean withMemory)
      throws Exception {
    List<Figure> figures = new ArrayList<>(peers.figures());
    say("measuring kernels ...");
    figures.addAll(KernelFigures.measure(options.seconds / 2, peers));
    figures.addAll(BandwidthFigures.measure(options.seconds));
    List<RoundFigures> rounds = new ArrayList<>();
    for (long size : options.sizes) {
      say("measuring a round of " + size + " values ...");
      RoundFigures round = new RoundFigures(size, options.seconds);
      figures.addAll(round.measure(peers));
      if (withMemory) {
        figures.addAll(MemoryFigures.measure(size));
      }
      rounds.add(round);
    }
    figures.addAll(furtherBlock(rounds, options.seconds / 2));
    return figures;
  }

  /** What one more block costs: the difference between the last two sizes, if they allow it. */
  private static List<Figure> furtherBlock(List<RoundFigures> rounds, double seconds)
      throws Exception {
    List<Figure> out = new ArrayList<>();
    if (rounds.size() < 2 || !rounds.getLast().comparesWith(rounds.get(rounds.size() - 2))) {
      return out;
    }
    RoundFigures less = rounds.get(rounds.size() - 2);
    RoundFigures more = rounds.getLast();
    double blocks = more.blocks() - less.blocks();
    for (Map.Entry<String, Double> step : more.allocated().entrySet()) {
      double before = less.allocated().getOrDefault(step.getKey(), 0.0);
      out.add(
          Figure.alone(
              step.getKey() + ".allocated-by-a-further-block",
              "bytes",
              (step.getValue() - before) / blocks));
    }
    out.addAll(
        new BlockFigures().measure(seconds, (more.sealSeconds() - less.sealSeconds()) / blocks));
    return out;
  }

  private static void say(String text) {
    System.err.println(String.format(Locale.ROOT, "bench: %s", text));
  }
}
