package io.concordat.bench.privacy;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.silonode.records.RecordTable;
import io.concordat.silonode.records.SiloRecords;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Chooses rates by repeated splits of the train patients, a fifth of them validating, under the
 * noise of the setting itself. Evaluation patients are in no split.
 *
 * <p>Rule: of the candidates within 0.006 of the best mean validation accuracy, about one standard
 * error, the one with the lowest mean logistic loss.
 */
final class RateChoice {
  private static final BigDecimal VALIDATING = new BigDecimal("0.2");
  private static final double TIE = 0.006;

  private final PrivateTraining training;
  private final List<SortedMap<String, SiloRecords>> splits = new ArrayList<>();

  RateChoice(PrivateTraining training, SortedMap<String, SiloRecords> silos, int count) {
    this.training = training;
    for (int split = 0; split < count; split++) {
      byte[] key = ByteBuffer.allocate(16).putInt(split).array();
      SortedMap<String, SiloRecords> parts = new TreeMap<>();
      silos.forEach((id, records) -> parts.put(id, records.validating(key, VALIDATING)));
      splits.add(parts);
    }
  }

  /** How a candidate did on the validating patients. */
  record Candidate(Rates rates, double accuracy, double loss) {}

  /** All candidates, the chosen one first. */
  List<Candidate> ranked(NoiseBasis basis, double epsilon, double delta) {
    List<Candidate> all = new ArrayList<>();
    for (Rates rates : Rates.candidates()) {
      NoiseShare noise = basis.calibrated(epsilon, delta, rates.rounds(), training.clipUnits());
      all.add(measure(rates, noise));
    }
    double best = all.stream().mapToDouble(Candidate::accuracy).max().orElseThrow();
    all.sort(
        Comparator.comparing((Candidate c) -> c.accuracy() < best - TIE)
            .thenComparingDouble(Candidate::loss));
    return all;
  }

  private Candidate measure(Rates rates, NoiseShare noise) {
    double right = 0;
    double loss = 0;
    long patients = 0;
    for (int split = 0; split < splits.size(); split++) {
      TrainedModel model = training.run(splits.get(split), rates, noise, split);
      for (SiloRecords part : splits.get(split).values()) {
        RecordTable table = part.evaluation();
        for (int r = 0; r < table.rows(); r++) {
          FeatureSpace.Row row = table.row(r);
          double p = model.probability(model.features().encode(row));
          boolean positive = model.features().positive(row);
          right += (p >= 0.5) == positive ? 1 : 0;
          loss -= Math.log(Math.max(1e-12, positive ? p : 1 - p));
          patients++;
        }
      }
    }
    return new Candidate(rates, right / patients, loss / patients);
  }
}
