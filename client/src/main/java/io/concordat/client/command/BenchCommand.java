package io.concordat.client.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat bench ...}: figures of this machine, taken in a process of their own. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = BenchSimulationCommand.class,
    description = "Measure the engine on this machine, and what models reach on real records.",
    footer = {
      "",
      "Examples:",
      "  concordat bench engine --json figures.json",
      "  concordat bench round --warm-up 5",
      "  concordat bench flamby",
      "  concordat bench accuracy --seeds 10",
      "  concordat bench privacy --readme bench",
      "  concordat bench simulation --seeds 2000",
      "  concordat bench canary --epsilon 2",
      "  concordat bench corpus",
      "  concordat bench intake"
    })
public final class BenchCommand {
  /** {@code --json} of a measurement: a file, since standard output shows how far it is. */
  static final class JsonFile {
    @Option(
        names = "--json",
        paramLabel = "FILE",
        description = "Also write the figures as one JSON object.")
    private @Nullable Path json;

    @Nullable Path file() {
      return json;
    }
  }

  /** {@code --readme} of a measurement whose figures stand in a document. */
  static final class ReadmeFolder {
    @Option(
        names = "--readme",
        paramLabel = "FOLDER",
        description = "Also write the section of README.md there, and its picture if it has one.")
    private @Nullable Path readme;

    @Nullable Path folder() {
      return readme;
    }

    /** For programs that take the folder alone. */
    BenchProcess asArgument(BenchProcess process) {
      return readme == null ? process : process.with(readme);
    }
  }

  @Command(
      name = "engine",
      mixinStandardHelpOptions = true,
      description = {
        "Time kernels and whole rounds, beside Microsoft SEAL where this build has it.",
        "Figures are processor time of one thread, medians."
      })
  int engine(
      @Mixin JsonFile json,
      @Mixin ReadmeFolder readme,
      @Option(
              names = "--sizes",
              paramLabel = "N,N,..",
              description =
                  "Values of a contribution (default: 100000,1000000,25600000,100000000).")
          @Nullable String sizes,
      @Option(
              names = "--seconds",
              paramLabel = "S",
              description = "Processor time spent on each figure (default: 1).")
          @Nullable String seconds,
      @Option(
              names = "--hexl",
              paramLabel = "PROGRAM",
              description =
                  "Also measure this concordat_seal_bench, built on a SEAL with HEXL"
                      + " (native/README.md).")
          @Nullable Path hexl,
      @Option(
              names = "--kernel",
              paramLabel = "NAME",
              description = "Use this ring kernel (default: the best; see concordat doctor).")
          @Nullable String kernel)
      throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.engine.EngineBench", kernel)
        .with("--json", json.file())
        .with("--readme", readme.folder())
        .with("--sizes", sizes)
        .with("--seconds", seconds)
        .with("--hexl", hexl)
        .run();
  }

  @Command(
      name = "round",
      mixinStandardHelpOptions = true,
      description = {
        "Time whole rounds of a small private job between an aggregator and four silo nodes, five"
            + " processes on this",
        "machine with everything that a real round has, and say where the time goes."
      })
  int round(
      @Option(names = "--rounds", paramLabel = "N", description = "Rounds of a job (default: 300).")
          @Nullable String rounds,
      @Option(
              names = "--warm-up",
              paramLabel = "N",
              description = "Jobs before the one that counts (default: 3).")
          @Nullable String warmup,
      @Mixin JsonFile json,
      @Mixin ReadmeFolder readme)
      throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.round.RoundBench")
        .with("--rounds", rounds)
        .with("--warm-up", warmup)
        .with("--json", json.file())
        .with("--readme", readme.folder())
        .run();
  }

  @Command(
      name = "flamby",
      mixinStandardHelpOptions = true,
      description = {
        "FLamby's Fed-Heart-Disease setting: its split, its scaling, federated averaging through"
            + " the quantised sums that",
        "silos seal, encrypted and in the clear, with 16 and with 24 bits, beside FLamby's"
            + " published table. Exit status 4",
        "if encryption changes the model, or quantisation more than its bound."
      })
  int flamby() throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.accuracy.FlambySetting")
        .with(BenchProcess.demoData())
        .run();
  }

  @Command(
      name = "accuracy",
      mixinStandardHelpOptions = true,
      description =
          "The demo's two jobs over several seeds, sums added in the clear, beside models from"
              + " outside.")
  int accuracy(
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "10",
              description = "How many (default: 10).")
          int seeds)
      throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.accuracy.DemoAccuracy")
        .with(BenchProcess.demoData())
        .with(seeds)
        .run();
  }

  @Command(
      name = "canary",
      mixinStandardHelpOptions = true,
      description = {
        "Attack a private training once: a thousand planted records, each in or out by a coin, a"
            + " hundred guesses by who",
        "sees the model, and the lower bound on epsilon that the right ones prove (Steinke, Nasr,"
            + " Jagielski 2023)."
      })
  int canary(
      @Option(
              names = "--epsilon",
              paramLabel = "E",
              defaultValue = "2.0",
              description = "What the job claims, at most 2 (default: 2.0).")
          String epsilon,
      @Option(
              names = "--noise-divisor",
              paramLabel = "N",
              defaultValue = "1",
              description = "Plant a bug: noise that many times too small (default: 1, none).")
          int divisor,
      @Option(
              names = "--seed",
              paramLabel = "S",
              defaultValue = "1",
              description = "Of coins and noise (default: 1).")
          long seed)
      throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.canary.CanaryBench")
        .with(epsilon)
        .with(divisor)
        .with(seed)
        .run();
  }

  @Command(
      name = "privacy",
      mixinStandardHelpOptions = true,
      description = {
        "Accuracy under privacy on real records: four heart disease hospitals by FLamby's split,"
            + " and biopsies, at epsilon",
        "0.5, 1, 2, 4 and 8 with delta 1e-5, with joint noise and with each silo's own share alone."
      },
      footer = {
        "",
        "Examples:",
        "  concordat bench privacy --seeds 10 --json privacy.json",
        "  concordat bench privacy --readme bench",
        "  concordat bench privacy --choose-rates > rates.csv"
      })
  int privacy(
      @Option(
              names = "--seeds",
              paramLabel = "N",
              defaultValue = "10",
              description = "Trainings for each figure (default: 10).")
          int seeds,
      @Mixin JsonFile json,
      @Mixin ReadmeFolder readme,
      @Option(
              names = "--choose-rates",
              description =
                  "Only choose the rates on the train rows again, some ten minutes, and print"
                      + " them.")
          boolean chooseRates)
      throws IOException, InterruptedException {
    BenchProcess process =
        BenchProcess.of("io.concordat.bench.privacy.PrivacyBench")
            .with(BenchProcess.demoData())
            .with("--seeds", seeds)
            .with("--json", json.file())
            .with("--readme", readme.folder());
    return (chooseRates ? process.with("--choose-rates") : process).run();
  }

  @Command(
      name = "accountants",
      mixinStandardHelpOptions = true,
      description = {
        "Time the privacy accountants, beside dp-accounting and prv-accountant of a Python that has"
            + " them."
      },
      footer = {
        "",
        "Example:",
        "  python3 -m venv peers && peers/bin/pip install dp-accounting prv-accountant",
        "  concordat bench accountants --python peers/bin/python"
      })
  int accountants(
      @Option(
              names = "--python",
              paramLabel = "FILE",
              defaultValue = "-",
              description = "The interpreter to compare with (default: no comparison).")
          String python,
      @Mixin ReadmeFolder readme)
      throws IOException, InterruptedException {
    BenchProcess process =
        BenchProcess.of("io.concordat.bench.privacy.AccountantBench").with(python);
    return readme.asArgument(process).run();
  }

  @Command(
      name = "gradients",
      mixinStandardHelpOptions = true,
      description = "Time gradients of every record in one pass beside a pass a record.",
      footer = {"", "Example:", "  concordat bench gradients --readme bench"})
  int gradients(@Mixin ReadmeFolder readme) throws IOException, InterruptedException {
    BenchProcess process = BenchProcess.of("io.concordat.bench.privacy.GradientBench");
    return readme.asArgument(process).run();
  }

  @Command(
      name = "beside",
      mixinStandardHelpOptions = true,
      description = {
        "Put the engine's figures on Java beside those of the native executable, both as bench-engine/1.",
        "The second come from the executable that './concordat native --only bench' makes, with --json."
      })
  int beside(
      @Option(names = "--java", paramLabel = "FILE.json", required = true) Path java,
      @Option(names = "--native", paramLabel = "FILE.json", required = true) Path executable,
      @Option(
              names = "--readme",
              paramLabel = "FOLDER",
              required = true,
              description = "Write the section of README.md there.")
          Path readme)
      throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.engine.BesideNative")
        .with(java.toString())
        .with(executable.toString())
        .with(readme.toString())
        .run();
  }

  @Command(
      name = "corpus",
      mixinStandardHelpOptions = true,
      description = {
        "Give every reader of strangers' files the bombs, smuggled addresses and paths of the"
            + " corpus, and say which one",
        "took longest to be refused. Exit status 4 if one was not refused."
      },
      footer = {"", "Example:", "  concordat bench corpus"})
  int corpus() throws IOException, InterruptedException {
    return BenchProcess.of("io.concordat.bench.hostile.HostileBench").run();
  }

  @Command(
      name = "intake",
      mixinStandardHelpOptions = true,
      description = {
        "Add large contributions of many silos as the aggregator does, every check and digest"
            + " included, and watch the",
        "heap."
      },
      footer = {"", "Example:", "  concordat bench intake --silos 100 --megabytes 100"})
  int intake(
      @Option(
              names = "--silos",
              paramLabel = "N",
              defaultValue = "100",
              description = "How many, 2 to 500 (default: 100).")
          int silos,
      @Option(
              names = "--megabytes",
              paramLabel = "M",
              defaultValue = "100",
              description = "About how long a contribution is (default: 100).")
          int megabytes)
      throws IOException, InterruptedException, InvalidInputException {
    if (silos < 2 || silos > 500 || megabytes < 1) {
      throw new InvalidInputException("--silos is 2 to 500, --megabytes at least 1");
    }
    return BenchProcess.of("io.concordat.bench.intake.ManySilos").with(silos).with(megabytes).run();
  }
}
