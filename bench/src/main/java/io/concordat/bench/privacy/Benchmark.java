package io.concordat.bench.privacy;

import io.concordat.client.demo.data.DemoDatasets;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Privacy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;

/**
 * One collection of records with what others published on it.
 *
 * @param id stable, for scripts
 * @param title for people
 * @param job a private job over the records; its rates, noise and epsilon are replaced
 */
record Benchmark(
    String id, String title, DemoRecords records, Dataset dataset, String job, List<Level> levels) {

  static final double DELTA = 1e-5;

  /** A published or outside figure to stand beside. */
  record Level(String name, double accuracy) {}

  /** FLamby's Fed-Heart-Disease: its four hospitals, its split, its published accuracies. */
  static Benchmark heart(Path demoData) throws IOException {
    return new Benchmark(
        "heart-disease",
        "Heart disease, four hospitals, FLamby's split",
        DemoRecords.heartDisease(demoData),
        DemoDatasets.heart(),
        job(
            "heart",
            "disease",
            "age, sex, cp, trestbps, chol, fbs, restecg, thalach, exang, oldpeak"),
        List.of(
            new Level("FLamby, FedAvg, no privacy", 0.748),
            new Level("FLamby, best federated, no privacy", 0.785),
            new Level("FLamby, pooled, no privacy", 0.795)));
  }

  /** The biopsies under the cap that the demo's policy does not give them. */
  static Benchmark breastCancer(Path demoData) throws IOException {
    Dataset open = DemoDatasets.breastCancer();
    Dataset capped =
        new Dataset(
            open.id(),
            open.person(),
            open.maxPatientsPerSilo(),
            open.holdout(),
            open.columns(),
            open.labels(),
            new Privacy.Cap(new BigDecimal("8.0"), new BigDecimal("1e-5"), new BigDecimal("8.0")),
            open.filters());
    List<String> features =
        open.columns().stream()
            .map(column -> column.name())
            .filter(name -> name.matches(".*_(mean|error|worst)"))
            .toList();
    return new Benchmark(
        "breast-cancer",
        "Breast cancer, dealt to the four hospitals",
        DemoRecords.breastCancer(demoData),
        capped,
        job("breast-cancer", "malignant", String.join(", ", features)),
        List.of());
  }

  private static String job(String dataset, String label, String features) {
    return """
    schema: job/1
    name: privacy-bench
    federation: cardio-demo
    dataset: DATASET
    analysis:
      kind: train
      model: {kind: logistic, features: [FEATURES], label: LABEL, scaling: schema}
      strategy: {kind: dp-sgd, rounds: 30, samplingRate: "1", clipNorm: "1.0",
                 optimizer: {kind: sgd, learningRate: "0.5"}, average: tail}
    privacy: {epsilon: "1.0", delta: "1e-5"}
    """
        .replace("DATASET", dataset)
        .replace("LABEL", label)
        .replace("FEATURES", features);
  }
}
