package io.concordat.client.command;

import io.concordat.privacy.accountant.GaussianRound;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Rounds as somebody who plans a job types them. The k-th noise multiplier belongs to the k-th
 * sampling rate and the k-th number of rounds; where a job has many kinds of rounds, a file has one
 * line for each.
 */
final class PlannedRounds {
  @Option(
      names = "--noise-multiplier",
      paramLabel = "Z",
      description =
          "Deviation of the noise in the sum over the largest norm of one patient's part; again for rounds of another kind.")
  private List<BigDecimal> noiseMultipliers = List.of();

  @Option(
      names = "--sampling-rate",
      paramLabel = "Q",
      description = "Probability with which a patient joins a round (default: 1).")
  private List<BigDecimal> samplingRates = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "How many such rounds (default: 1).")
  private List<Long> counts = List.of();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Further rounds: one line 'noise-multiplier sampling-rate rounds' for each kind, # begins a comment.")
  private @Nullable Path file;

  /** One kind of round, with the numbers as they were typed. */
  record Kind(BigDecimal noiseMultiplier, BigDecimal samplingRate, long rounds) {
    GaussianRound round() {
      return new GaussianRound(samplingRate.doubleValue(), noiseMultiplier.doubleValue(), rounds);
    }

    Map<String, Object> json() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("noiseMultiplier", noiseMultiplier.toPlainString());
      tree.put("samplingRate", samplingRate.toPlainString());
      tree.put("rounds", rounds);
      return tree;
    }

    @Override
    public String toString() {
      return rounds
          + (rounds == 1 ? " round" : " rounds")
          + ", noise multiplier "
          + noiseMultiplier.toPlainString()
          + ", sampling rate "
          + samplingRate.toPlainString();
    }
  }

  /** Everything that was typed and everything in the file. */
  List<Kind> all() throws IOException, InvalidInputException {
    int kinds = noiseMultipliers.size();
    List<BigDecimal> rates = defaulted("--sampling-rate", samplingRates, kinds, BigDecimal.ONE);
    List<Long> rounds = defaulted("--rounds", counts, kinds, 1L);
    List<Kind> all = new ArrayList<>();
    for (int i = 0; i < kinds; i++) {
      all.add(checked("", noiseMultipliers.get(i), rates.get(i), rounds.get(i)));
    }
    all.addAll(fromFile());
    if (all.isEmpty()) {
      throw new InvalidInputException("no rounds: give --noise-multiplier or --file");
    }
    return List.copyOf(all);
  }

  /** For a calibration: the one kind that has no noise yet. */
  Kind withNoise(BigDecimal noiseMultiplier) throws InvalidInputException {
    if (!noiseMultipliers.isEmpty()) {
      throw new InvalidInputException(
          "calibrate finds --noise-multiplier; rounds whose noise is settled go into --file");
    }
    BigDecimal rate = defaulted("--sampling-rate", samplingRates, 1, BigDecimal.ONE).getFirst();
    long rounds = defaulted("--rounds", counts, 1, 1L).getFirst();
    return checked("", noiseMultiplier, rate, rounds);
  }

  /** Rounds of the file alone; none without a file. */
  List<Kind> fromFile() throws IOException, InvalidInputException {
    if (file == null) {
      return List.of();
    }
    List<Kind> kinds = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      String where = file + ":" + (i + 1) + ": ";
      String[] words = line.split("\\s+");
      if (words.length != 3) {
        throw new InvalidInputException(
            where
                + "expected three numbers, noise-multiplier sampling-rate rounds, found "
                + words.length);
      }
      try {
        kinds.add(
            checked(
                where,
                new BigDecimal(words[0]),
                new BigDecimal(words[1]),
                Long.parseLong(words[2])));
      } catch (NumberFormatException e) {
        throw new InvalidInputException(where + "not three numbers: " + line, e);
      }
    }
    return kinds;
  }

  private static <T> List<T> defaulted(String option, List<T> given, int kinds, T standard)
      throws InvalidInputException {
    if (given.isEmpty()) {
      return Collections.nCopies(kinds, standard);
    }
    if (given.size() != kinds) {
      throw new InvalidInputException(
          option
              + " stands "
              + given.size()
              + " times, expected once for each of "
              + kinds
              + " kinds of rounds");
    }
    return given;
  }

  private static Kind checked(
      String where, BigDecimal noiseMultiplier, BigDecimal samplingRate, long rounds)
      throws InvalidInputException {
    Kind kind = new Kind(noiseMultiplier, samplingRate, rounds);
    try {
      kind.round();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(where + e.getMessage(), e);
    }
    return kind;
  }
}
