package io.concordat.bench.privacy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The rates that {@link RateChoice} found, kept as a file so that a run need not choose again:
 * {@code rates.csv}, made by {@code concordat bench privacy --choose-rates}.
 */
final class ChosenRates {
  /** Splits of the train rows behind the file. */
  static final int SPLITS = 20;

  private final Map<String, Rates> rates;

  private ChosenRates(Map<String, Rates> rates) {
    this.rates = rates;
  }

  static ChosenRates stored() throws IOException {
    Map<String, Rates> rates = new HashMap<>();
    try (InputStream in =
            Objects.requireNonNull(ChosenRates.class.getResourceAsStream("rates.csv"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      lines
          .lines()
          .skip(1)
          .map(line -> line.split(","))
          .forEach(cells ->
              rates.put(
                  key(cells[0], cells[1], Double.parseDouble(cells[2])),
                  new Rates(
                      Integer.parseInt(cells[3]),
                      Double.parseDouble(cells[4]),
                      Double.parseDouble(cells[5]))));
    }
    return new ChosenRates(rates);
  }

  static final String HEADER =
      "benchmark,noise,epsilon,rounds,clipNorm,learningRate,validationAccuracy,validationLoss";

  static String line(
      Benchmark benchmark, NoiseBasis basis, double epsilon, RateChoice.Candidate chosen) {
    return String.format(
        java.util.Locale.ROOT,
        "%s,%s,%s,%d,%s,%s,%.4f,%.4f",
        benchmark.id(),
        basis,
        epsilon,
        chosen.rates().rounds(),
        chosen.rates().clipNorm(),
        chosen.rates().learningRate(),
        chosen.accuracy(),
        chosen.loss());
  }

  Rates of(Benchmark benchmark, NoiseBasis basis, double epsilon) {
    Rates found = rates.get(key(benchmark.id(), basis.name(), epsilon));
    if (found == null) {
      throw new IllegalArgumentException(
          "no rates for " + benchmark.id() + ", " + basis + ", epsilon " + epsilon);
    }
    return found;
  }

  private static String key(String benchmark, String basis, double epsilon) {
    return benchmark + " " + basis + " " + epsilon;
  }
}
