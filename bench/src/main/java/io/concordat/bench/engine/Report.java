package io.concordat.bench.engine;

import io.concordat.crypto.ring.kernel.RingKernels;
import java.util.List;
import java.util.Locale;

/** The figures as text, as JSON and as a section of bench/README.md. */
final class Report {
  private final List<Figure> figures;
  private final long[] sizes;
  private final String seal;

  Report(List<Figure> figures, long[] sizes, String seal) {
    this.figures = figures;
    this.sizes = sizes;
    this.seal = seal;
  }

  String text() {
    StringBuilder out = new StringBuilder();
    for (Figure f : figures) {
      out.append(
          String.format(Locale.ROOT, "%-36s %14s %-12s", f.name(), number(f.value()), f.unit()));
      if (!f.peer().isEmpty()) {
        out.append(String.format(Locale.ROOT, "  %8s x %s", number(f.ratio()), f.peer()));
      }
      out.append('\n');
    }
    return out.toString();
  }

  String json() {
    StringBuilder out = new StringBuilder("{\"schema\":\"bench-engine/1\",\n");
    out.append(" \"kernel\":\"").append(RingKernels.best().name()).append("\",\n");
    out.append(" \"seal\":\"").append(seal).append("\",\n \"figures\":[");
    for (int i = 0; i < figures.size(); i++) {
      Figure f = figures.get(i);
      out.append(i == 0 ? "\n" : ",\n");
      out.append(
          String.format(
              Locale.ROOT,
              "  {\"name\":\"%s\",\"unit\":\"%s\",\"value\":%.6g",
              f.name(),
              f.unit(),
              f.value()));
      if (!f.peer().isEmpty()) {
        out.append(
            String.format(Locale.ROOT, ",\"peer\":\"%s\",\"ratio\":%.6g", f.peer(), f.ratio()));
      }
      out.append('}');
    }
    return out.append("\n ]}\n").toString();
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        ## What the engine costs

        Made by `concordat bench engine --readme bench`; every run replaces this section and the plot.

        """);
    out.append(java.time.LocalDate.now(java.time.ZoneOffset.UTC)).append(". ");
    out.append("Machine: ").append(machine()).append(". Kernel: `");
    out.append(RingKernels.best().name()).append("`. SEAL: ").append(seal).append(".\n");
    out.append(
        """

        Processor time of one thread. Everything, peers included, is measured in three turns of one run,
        and the best of three medians counts for each: the machine is a virtual one whose speed changes
        by the second. Ratios say how many times better than the peer. Sealing is the whole way from integers to bytes: packing, expansion,
        product, transform, errors, residue packing, SHA-256 digest tree, and the shares of the key;
        SEAL's figures are encode+encrypt without serialising: CKKS with N = 8192, primes of 60, 40 and 40
        bits, public key; BFV with N = 4096, SEAL's primes for 128 bits, 21 bits of plaintext, symmetric
        and seeded. Adding checks every residue and the
        digest of what it adds. A round's layout: 16 bits a value, up to 16 silos. Memory is the peak
        resident size of a Java process that does only that, `-Xmx256m`. HEXL's figures are those of
        Intel's transform itself, and of SEAL built with it.

        At 100,000 values a contribution takes more than 2.8 bytes a value, and no choice of parameters
        that the protocol allows takes less: the values themselves take 2.68, and the check block of
        1,088 rows, whose length the proof against lying key holders needs whatever the vector's size,
        adds 41 KB, 0.41 bytes a value (with the smaller ring the check block is half as long, but the
        values then take 3.13). Key, shares and check block are also two fifths of the time there. From
        340,000 values on a contribution takes at most 2.8 bytes a value.

        `vector-digest` is SHA-256 of the vector as 64-bit words, which enters the seed that everything
        random in a contribution comes of; it is no part of `seal`, as SEAL has nothing like it, and
        takes about as long. `digest-and-seal` is both. `block` is one full block of the larger ring,
        each step alone with its operands in the cache, then the block within a seal: the difference of
        the last two sizes, per block. `allocated-by-a-further-block` is the same difference in bytes
        taken from the heap (docs/decisions/029).

        ![time against size](engine.svg)

        """);
    out.append(new Reach(figures, sizes).markdown());
    out.append(
        """

        ### All figures

        | figure | value | unit | times better than | |
        | --- | ---: | --- | ---: | --- |
        """);
    for (Figure f : figures) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |\n",
              f.name(),
              number(f.value()),
              f.unit(),
              f.peer().isEmpty() ? "" : number(f.ratio()),
              f.peer()));
    }
    out.append(
        """

        ### What is measured elsewhere
        `mvn -pl bench -am package`, then `java -cp 'bench/target/classes:bench/target/lib/*'
        org.openjdk.jmh.Main`, runs the JMH classes in `io.concordat.bench.jmh`: kernels and steps one
        by one, forked and warmed; `-prof gc` adds what they allocate. `io.concordat.bench.engine.SamplerTiming` is the timing test of the
        Gaussian sampler: two classes of streams, Welch's t of their times.
        """);
    return out.toString();
  }

  private static String machine() {
    String model = "";
    try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/cpuinfo"))) {
      model =
          lines
              .filter(line -> line.startsWith("model name"))
              .findFirst()
              .map(line -> line.substring(line.indexOf(':') + 1).strip() + ", ")
              .orElse("");
    } catch (java.io.IOException e) {
      // Another system than Linux: the rest of the line says enough.
    }
    return model
        + Runtime.getRuntime().availableProcessors()
        + " cores, Java "
        + Runtime.version().feature();
  }

  static String number(double x) {
    if (x == 0) {
      return "0";
    }
    double magnitude = Math.abs(x);
    if (magnitude >= 1e6) {
      return String.format(Locale.ROOT, "%.1f M", x / 1e6);
    }
    return String.format(
        Locale.ROOT, magnitude >= 100 ? "%.0f" : magnitude >= 1 ? "%.2f" : "%.4f", x);
  }
}
