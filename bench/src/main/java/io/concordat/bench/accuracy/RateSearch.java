package io.concordat.bench.accuracy;

import io.concordat.client.demo.data.DemoDatasets;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.FeatureSpace;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.RecordTable;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the rates of the two job files were chosen: repeated random splits of the train patients, a
 * fifth of them validating, with the noise of the real job. Evaluation patients are never used.
 *
 * <p>Rule: of the candidates within 0.006 of the best mean validation accuracy (about one standard
 * error), the one with the lowest mean logistic loss.
 *
 * <p>Usage: {@code RateSearch DEMO_DATA heart|breast-cancer [SPLITS]}. Prints every candidate, best
 * mean validation accuracy first, the mean logistic loss beside it.
 */
public final class RateSearch {
  private static final BigDecimal VALIDATING = new BigDecimal("0.2");

  private final SortedMap<String, SiloRecords> silos;
  private final int splits;

  private RateSearch(SortedMap<String, SiloRecords> silos, int splits) {
    this.silos = silos;
    this.splits = splits;
  }

  private record Candidate(String name, double accuracy, double loss) {}

  /** Runs and prints. */
  public static void main(String[] args) throws IOException, RefusedException {
    Path demoData = Path.of(args[0]);
    boolean heart = args[1].equals("heart");
    int splits = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    DemoRecords records =
        heart ? DemoRecords.heartDisease(demoData) : DemoRecords.breastCancer(demoData);
    Dataset dataset = heart ? DemoDatasets.heart() : DemoDatasets.breastCancer();
    RateSearch search = new RateSearch(DemoFederation.silos(records, dataset), splits);
    String file = heart ? "heart-disease-risk.yaml" : "breast-cancer.yaml";
    String job = Files.readString(demoData.resolve("jobs").resolve(file));
    List<Candidate> candidates = heart ? search.heart(job) : search.breastCancer(job);
    candidates.sort(Comparator.comparingDouble(Candidate::accuracy).reversed());
    for (Candidate candidate : candidates) {
      System.out.printf(
          Locale.ROOT,
          "accuracy %.4f loss %.4f %s%n",
          candidate.accuracy(),
          candidate.loss(),
          candidate.name());
    }
  }

  private List<Candidate> heart(String job) throws RefusedException {
    List<Candidate> candidates = new ArrayList<>();
    for (int rounds : new int[] {20, 30, 50}) {
      for (String clip : new String[] {"0.5", "1.0", "2.0"}) {
        for (String rate : new String[] {"0.5", "1.0", "2.0", "4.0"}) {
          String text =
              job.replaceFirst("rounds: \\d+", "rounds: " + rounds)
                  .replaceFirst("clipNorm: \"[0-9.]+\"", "clipNorm: \"" + clip + "\"")
                  .replaceFirst("learningRate: \"[0-9.]+\"", "learningRate: \"" + rate + "\"");
          candidates.add(measure("rounds " + rounds + " clip " + clip + " rate " + rate, text));
        }
      }
    }
    return candidates;
  }

  private List<Candidate> breastCancer(String job) throws RefusedException {
    List<Candidate> candidates = new ArrayList<>();
    for (int hidden : new int[] {8, 16}) {
      for (int rounds : new int[] {5, 10}) {
        for (int epochs : new int[] {1, 3}) {
          for (String rate : new String[] {"0.05", "0.1", "0.2"}) {
            String text =
                job.replaceFirst("hidden: \\[\\d+\\]", "hidden: [" + hidden + "]")
                    .replaceFirst("rounds: \\d+", "rounds: " + rounds)
                    .replaceFirst("localEpochs: \\d+", "localEpochs: " + epochs)
                    .replaceFirst("learningRate: \"[0-9.]+\"", "learningRate: \"" + rate + "\"");
            candidates.add(
                measure(
                    "hidden "
                        + hidden
                        + " rounds "
                        + rounds
                        + " epochs "
                        + epochs
                        + " rate "
                        + rate,
                    text));
          }
        }
      }
    }
    return candidates;
  }

  private Candidate measure(String name, String job) throws RefusedException {
    double right = 0;
    double loss = 0;
    long patients = 0;
    for (int split = 0; split < splits; split++) {
      SortedMap<String, SiloRecords> parts = new TreeMap<>();
      byte[] key = ByteBuffer.allocate(16).putInt(split).array();
      silos.forEach((id, records) -> parts.put(id, records.validating(key, VALIDATING)));
      Analysis analysis =
          DemoFederation.analysis(
              Reseeded.of(DemoFederation.job(job), split), DemoFederation.policy());
      var state = new ClearFederation(parts).run(analysis, split);
      if (!(analysis.result(state) instanceof AnalysisResult.Model result)) {
        throw new IllegalStateException("a training job ends in a model");
      }
      for (SiloRecords part : parts.values()) {
        RecordTable table = part.evaluation();
        TrainedModel model = result.model();
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
    return new Candidate(name, right / patients, loss / patients);
  }
}
