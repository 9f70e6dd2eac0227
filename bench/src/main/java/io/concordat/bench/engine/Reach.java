package io.concordat.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the engine is meant to reach, beside what this run reached. */
final class Reach {
  private static final long RESNET_50 = 25_600_000;

  private final List<Figure> figures;
  private final long[] sizes;

  Reach(List<Figure> figures, long[] sizes) {
    this.figures = figures;
    this.sizes = sizes;
  }

  /** One line of the table. */
  private record Line(String what, String wanted, String found, boolean reached) {}

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("| to be reached, on one core in one run | wanted | found | |\n");
    out.append("| --- | --- | --- | --- |\n");
    for (Line line : lines()) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s |\n",
              line.what(),
              line.wanted(),
              line.found(),
              line.reached() ? "reached" : "**not reached**"));
    }
    return out.toString();
  }

  private List<Line> lines() {
    List<Line> out = new ArrayList<>();
    for (long size : sizes) {
      String of = String.format(Locale.ROOT, ", %,d values", size);
      ratio(out, "sealing beside SEAL CKKS" + of, "seal.ckks." + size, 60);
      ratio(out, "sealing beside SEAL BFV seeded" + of, "seal.bfv." + size, 10);
      most(out, "bytes a value" + of, "bytes." + size, 2.8, "");
    }
    for (String direction : List.of("forward", "inverse")) {
      String name = "ntt." + direction + ".8192.";
      ratio(out, "Java " + direction + " transform beside SEAL's", name + "vector", 3);
      ratio(
          out, "C " + direction + " transform beside HEXL's", name + "native-ifma.beside-hexl", 1);
    }
    ratio(
        out,
        "addition beside a plain long[] addition of the same bytes",
        "bandwidth.packed-addition",
        1 / 1.3);
    most(out, "first sealing of ResNet-50, wall time", "seal.first.wall." + RESNET_50, 1, " s");
    most(out, "a contribution of ResNet-50", "megabytes." + RESNET_50, 72, " MB");
    return out;
  }

  private void ratio(List<Line> out, String what, String name, double wanted) {
    figure(name)
        .filter(f -> f.ratio() > 0)
        .ifPresent(f ->
            out.add(
                new Line(
                    what,
                    "at least " + Report.number(wanted) + " x",
                    Report.number(f.ratio()) + " x",
                    f.ratio() >= wanted)));
  }

  private void most(List<Line> out, String what, String name, double wanted, String unit) {
    figure(name)
        .ifPresent(f ->
            out.add(
                new Line(
                    what,
                    "at most " + Report.number(wanted) + unit,
                    Report.number(f.value()) + unit,
                    f.value() <= wanted)));
  }

  private Optional<Figure> figure(String name) {
    return figures.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
