package io.concordat.bench.canary;

import io.concordat.bench.accuracy.ClearFederation;
import io.concordat.bench.accuracy.DemoConsortium;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.privacy.evidence.CanaryAudit;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.DpSgdAnalysis;
import io.concordat.protocol.analysis.SplitMix;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Label;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.CsvRecords;
import io.concordat.silonode.records.SiloRecords;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One audit. A thousand canaries, each with a value that nobody else has, hence a weight of its own
 * in the model; a fair coin each decides whether it is among a hospital's patients. Whoever sees
 * the model guesses "in" for the largest weights and "out" for the smallest.
 */
public final class CanaryRun {
  /** Four columns of 251 values, the first of which is nobody's. */
  private static final int COLUMNS = 4;

  private static final int VALUES = 250;

  /** Planted records. */
  public static final int CANARIES = COLUMNS * VALUES;

  /** Coins that the attacker dares to guess, half of them "in". */
  public static final int GUESSES = 100;

  private static final String DELTA = "1e-5";
  private static final byte[] NO_SECRET = new byte[16];

  private CanaryRun() {}

  /**
   * What came of it.
   *
   * @param claimed epsilon that the job asked for
   */
  public record Outcome(double claimed, CanaryAudit audit) {
    /** What the bound says about the claim. */
    public CanaryAudit.Verdict verdict() {
      return audit.verdict(claimed);
    }
  }

  /**
   * Plants, trains, attacks.
   *
   * @param epsilon of the job, at most 2
   * @param divisor 1 for the code as it is; above 1 every silo's noise is that much too small
   * @param seed of coins and noise
   */
  public static Outcome run(String epsilon, int divisor, long seed)
      throws IOException, RefusedException {
    SplitMix coins = new SplitMix(seed);
    boolean[] in = new boolean[CANARIES];
    for (int canary = 0; canary < CANARIES; canary++) {
      in[canary] = coins.nextLong() < 0;
    }
    Dataset dataset = dataset();
    DpSgdAnalysis analysis = weakened(analysis(dataset, epsilon), divisor);
    AnalysisResult.Model result =
        analysis.result(new ClearFederation(silos(dataset, in)).run(analysis, coins.nextLong()));
    return new Outcome(Double.parseDouble(epsilon), attack(result.model().weights(), in));
  }

  private static CanaryAudit attack(double[] weights, boolean[] in) {
    List<Integer> byWeight =
        IntStream.range(0, CANARIES)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer canary) -> weights[canary]).reversed())
            .toList();
    int right = 0;
    for (int i = 0; i < GUESSES / 2; i++) {
      right += in[byWeight.get(i)] ? 1 : 0;
      right += in[byWeight.get(CANARIES - 1 - i)] ? 0 : 1;
    }
    return new CanaryAudit(CANARIES, GUESSES, right, Double.parseDouble(DELTA));
  }

  private static String column(int number) {
    return "mark" + number;
  }

  private static Dataset dataset() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column.Identifier("patient"));
    List<String> values = IntStream.rangeClosed(0, VALUES).mapToObj(v -> "v" + v).toList();
    for (int number = 0; number < COLUMNS; number++) {
      columns.add(new Column.Category(column(number), values, Column.MissingRule.REFUSE));
    }
    columns.add(new Column.Category("outcome", List.of("well", "ill"), Column.MissingRule.REFUSE));
    return new Dataset(
        "canaries",
        "patient",
        500,
        new Holdout.None(),
        columns,
        List.of(new Label("sick", "outcome", List.of("ill"))),
        new Privacy.Cap(new BigDecimal("8.0"), new BigDecimal(DELTA), new BigDecimal("2.0")),
        List.of());
  }

  private static DpSgdAnalysis analysis(Dataset dataset, String epsilon) throws RefusedException {
    String job =
        """
        schema: job/1
        name: canaries
        federation: cardio-demo
        nonce: "0123456789abcdef0123"
        dataset: canaries
        analysis:
          kind: train
          model: {kind: logistic, features: [mark0, mark1, mark2, mark3], label: sick, scaling: schema}
          strategy: {kind: dp-sgd, rounds: 10, samplingRate: "1", clipNorm: "0.05", optimizer: {kind: sgd, learningRate: "1.0"}}
        privacy: {epsilon: "%s", delta: "%s"}
        """
            .formatted(epsilon, DELTA);
    if (new DemoConsortium(List.of(dataset)).analysis(job) instanceof DpSgdAnalysis analysis) {
      return analysis;
    }
    throw new IllegalStateException("the job is a private training");
  }

  /** The same job with a silo's bug: a share whose deviation is a part of what was priced. */
  private static DpSgdAnalysis weakened(DpSgdAnalysis analysis, int divisor) {
    DpSgdAnalysis.Plan p = analysis.plan();
    NoiseShare noise = p.noise();
    return new DpSgdAnalysis(
        new DpSgdAnalysis.Plan(
            p.features(),
            p.model(),
            p.rounds(),
            p.sampling(),
            p.clipNorm(),
            p.learningRate(),
            p.momentum(),
            p.averaging(),
            new NoiseShare(
                noise.sigma() / divisor,
                noise.clipUnits(),
                noise.minContributors(),
                noise.colluders()),
            p.scalingNoise(),
            p.evaluationNoise(),
            p.seed(),
            p.trainShare(),
            p.maxPatientsPerSilo(),
            p.maxPatients()));
  }

  private static SortedMap<String, SiloRecords> silos(Dataset dataset, boolean[] in)
      throws IOException {
    Path scratch = Files.createTempDirectory("concordat-canary");
    SortedMap<String, SiloRecords> silos = new TreeMap<>();
    for (int silo = 0; silo < DemoRecords.HOSPITALS.size(); silo++) {
      List<String> lines = new ArrayList<>();
      lines.add("patient,mark0,mark1,mark2,mark3,outcome");
      for (int canary = silo; canary < CANARIES; canary += DemoRecords.HOSPITALS.size()) {
        if (in[canary]) {
          lines.add(line(canary));
        }
      }
      Path file = Files.write(scratch.resolve("silo" + silo + ".csv"), lines);
      switch (CsvRecords.read(file, dataset)) {
        case CsvRecords.Outcome.Read read ->
            silos.put(DemoRecords.HOSPITALS.get(silo), SiloRecords.split(read.table(), NO_SECRET));
        case CsvRecords.Outcome.Refused refused ->
            throw new IOException(String.join("\n", refused.report().sentences()));
      }
      Files.delete(file);
    }
    Files.delete(scratch);
    return silos;
  }

  private static String line(int canary) {
    StringBuilder line = new StringBuilder("p" + canary);
    for (int number = 0; number < COLUMNS; number++) {
      line.append(",v").append(canary / VALUES == number ? canary % VALUES + 1 : 0);
    }
    return line.append(",ill").toString();
  }
}
