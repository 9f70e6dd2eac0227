package io.concordat.bench.privacy;

import io.concordat.bench.page.Section;
import io.concordat.silonode.training.GradientTiming;
import io.concordat.silonode.training.GradientTiming.Figure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Gradients of every record in one pass beside a pass a record. */
public final class GradientBench {
  private static final int RECORDS = 256;

  private GradientBench() {}

  /**
   * Runs and prints.
   *
   * @param arguments optionally the folder of README.md
   */
  public static void main(String[] arguments) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append(
        "| model | parameters | us a record, together | us a record, alone | times faster | largest difference |\n");
    table.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for (Figure figure : GradientTiming.measure(RECORDS)) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.1f | %.1f | %.0f | %.1e |%n",
              figure.model(),
              figure.parameters(),
              1e6 * figure.secondsTogether(),
              1e6 * figure.secondsAlone(),
              figure.secondsAlone() / figure.secondsTogether(),
              figure.distance()));
    }
    System.out.println(table);
    if (arguments.length > 0) {
      new Section("gradients").write(Path.of(arguments[0]).resolve("README.md"), page(table));
    }
  }

  private static String page(StringBuilder table) {
    return """
    ## What per-record gradients cost

    Made by `concordat bench gradients --readme bench`; every run replaces this section. Processor time of one thread for each of
    RECORDS records, medians. Together: closed form, or one backward pass of PyTorch over all records whose layers
    tell each record's errors. Alone: a batch of one for each record, the oracle of the tests. Double precision.

    """
            .replace("RECORDS", Integer.toString(RECORDS))
        + table;
  }
}
