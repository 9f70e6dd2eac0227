package io.concordat.protocol.job;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.job.AnalysisSpec.Evaluation;
import io.concordat.protocol.job.AnalysisSpec.Metric;
import io.concordat.protocol.job.JobSpecification.Attestation;
import io.concordat.protocol.job.JobSpecification.PrivacyTerms;
import io.concordat.protocol.job.ModelSpec.Scaling;
import io.concordat.protocol.job.Strategy.Average;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.StrictYaml;
import io.concordat.protocol.yaml.YamlFields;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads job/1 files. JSON is accepted because YAML 1.2 contains it. Bounds here keep hostile files
 * harmless; what a federation allows is the policy's and {@link JobChecker}'s affair.
 */
public final class JobReader {
  /** The whole log entry around a job must stay below 65,536 bytes. */
  public static final int MAX_BYTES = 32 * 1024;

  private static final int MAX_ROUNDS = 100_000;
  private static final long MAX_SEED = (1L << 53) - 1;

  private final Findings findings;

  private JobReader(Findings findings) {
    this.findings = findings;
  }

  /**
   * @param file its name in errors
   * @param bytes the file as it was or will be signed
   */
  public static Outcome<JobSpecification> read(String file, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return Outcome.refused(
          io.concordat.protocol.refusal.Refusal.at(
              new io.concordat.protocol.refusal.Where(file, 0, 0, ""),
              Code.FILE_TOO_LARGE,
              "a job file has at most " + MAX_BYTES + " bytes"));
    }
    return StrictYaml.read(file, bytes)
        .then(root -> {
          Findings findings = new Findings(file);
          Optional<JobSpecification> job =
              new JobReader(findings).job(YamlFields.of(root, findings), bytes);
          return job.isPresent()
              ? Outcome.accepted(job.get())
              : Outcome.refused(findings.refusals());
        });
  }

  private Optional<JobSpecification> job(YamlFields f, byte[] bytes) {
    f.constant("schema", "job/1");
    String name = f.id("name");
    String federation = f.id("federation");
    String dataset = f.id("dataset");
    Optional<AnalysisSpec> analysis = analysis(f.group("analysis"));
    Optional<PrivacyTerms> privacy = f.optionalGroup("privacy").flatMap(this::privacy);
    Optional<String> nonce = f.has("nonce") ? Optional.of(nonce(f)) : Optional.empty();
    f.end();
    return f.clean() && analysis.isPresent()
        ? Optional.of(
            new JobSpecification(
                Digests.sha256(bytes), name, federation, dataset, analysis.get(), privacy, nonce))
        : Optional.empty();
  }

  private static String nonce(YamlFields f) {
    String nonce = f.string("nonce");
    if (!JobNonce.isNonce(nonce)) {
      f.fault("nonce", "expected 16 to 64 characters of base64url");
    }
    return nonce;
  }

  private Optional<PrivacyTerms> privacy(YamlFields f) {
    BigDecimal epsilon = f.decimal("epsilon", "0.001", "1000");
    BigDecimal delta = f.decimal("delta", "1e-10", "0.01");
    Attestation attestation =
        f.choice("attestation", Attestation.class, Attestation::text, Attestation.AUTO);
    f.end();
    return f.clean()
        ? Optional.of(new PrivacyTerms(epsilon, delta, attestation))
        : Optional.empty();
  }

  private enum Kind {
    STATISTICS,
    TRAIN;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private Optional<AnalysisSpec> analysis(YamlFields f) {
    return switch (f.choice("kind", Kind.class, Kind::text)) {
      case STATISTICS -> {
        List<String> columns = columns(f, "columns");
        int bins = f.has("bins") ? f.smallInteger("bins", 2, 256) : 0;
        f.end();
        yield f.clean()
            ? Optional.of(new AnalysisSpec.Statistics(columns, bins))
            : Optional.empty();
      }
      case TRAIN -> train(f);
    };
  }

  private Optional<AnalysisSpec> train(YamlFields f) {
    Optional<ModelSpec> model = model(f.group("model"));
    Optional<Strategy> strategy = strategy(f.group("strategy"));
    Optional<Evaluation> evaluation = f.optionalGroup("evaluation").flatMap(this::evaluation);
    f.end();
    return f.clean() && model.isPresent() && strategy.isPresent()
        ? Optional.of(new AnalysisSpec.Train(model.get(), strategy.get(), evaluation))
        : Optional.empty();
  }

  private enum ModelKind {
    LOGISTIC,
    MLP,
    GRAPH;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private Optional<ModelSpec> model(YamlFields f) {
    ModelKind kind = f.choice("kind", ModelKind.class, ModelKind::text);
    List<String> features = columns(f, "features");
    String label = f.columnName("label");
    Scaling scaling = f.choice("scaling", Scaling.class, Scaling::text);
    long seed = f.has("seed") ? f.integer("seed", 0, MAX_SEED) : 1;
    List<Integer> hidden = kind == ModelKind.MLP ? f.integers("hidden", 1, 65_536) : List.of();
    if (hidden.size() > 16) {
      f.fault("hidden", "expected at most 16 layers");
    }
    if (features.contains(label)) {
      f.fault("label", "the label is a feature too");
    }
    Optional<ModelGraph> graph = kind == ModelKind.GRAPH ? graph(f) : Optional.empty();
    f.end();
    if (!f.clean() || kind == ModelKind.GRAPH && graph.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (kind) {
          case LOGISTIC -> new ModelSpec.Logistic(features, label, scaling, seed);
          case MLP -> new ModelSpec.Mlp(features, label, scaling, hidden, seed);
          case GRAPH -> new ModelSpec.Graph(features, label, scaling, graph.orElseThrow(), seed);
        });
  }

  /** What was reviewed is named, and what is run is written out: they must be one thing. */
  private static Optional<ModelGraph> graph(YamlFields f) {
    Digest template = f.digest("template");
    Optional<ModelGraph> graph = GraphReader.layers(f);
    if (graph.isPresent() && !graph.get().digest().equals(template)) {
      f.fault("template", "these layers are the graph " + graph.get().digest());
    }
    return graph;
  }

  private enum StrategyKind {
    FEDAVG("fedavg"),
    DP_SGD("dp-sgd");

    private final String text;

    StrategyKind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private Optional<Strategy> strategy(YamlFields f) {
    StrategyKind kind = f.choice("kind", StrategyKind.class, StrategyKind::text);
    int rounds = f.smallInteger("rounds", 1, MAX_ROUNDS);
    Optional<Strategy> strategy =
        switch (kind) {
          case FEDAVG -> fedAvg(f, rounds);
          case DP_SGD -> dpSgd(f, rounds);
        };
    return strategy;
  }

  private Optional<Strategy> fedAvg(YamlFields f, int rounds) {
    int localEpochs = f.smallInteger("localEpochs", 1, 10_000);
    int batch = f.smallInteger("batch", 1, 1 << 20);
    BigDecimal learningRate = positive(f, "learningRate");
    BigDecimal momentum = f.decimal("momentum", "0", "0.9999", "0");
    BigDecimal weightDecay = f.decimal("weightDecay", "0", "0.9999", "0");
    YamlFields encoding = f.group("encoding");
    int bits = encoding.smallInteger("bits", 2, 24);
    BigDecimal range = positive(encoding, "range");
    encoding.end();
    f.end();
    return f.clean()
        ? Optional.of(
            new Strategy.FedAvg(
                rounds,
                localEpochs,
                batch,
                learningRate,
                momentum,
                weightDecay,
                new Strategy.Encoding(bits, range)))
        : Optional.empty();
  }

  private Optional<Strategy> dpSgd(YamlFields f, int rounds) {
    BigDecimal samplingRate = f.decimal("samplingRate", "1e-6", "1");
    if (samplingRate.stripTrailingZeros().scale() > 9) {
      f.fault("samplingRate", "expected at most nine decimals: its coin is tossed exactly");
    }
    BigDecimal clipNorm = positive(f, "clipNorm");
    long clipUnits =
        f.has("clipUnits")
            ? f.integer("clipUnits", 1, 1L << 30)
            : Strategy.DpSgd.DEFAULT_CLIP_UNITS;
    // Known here only so that the checker can say why they are refused.
    int localSteps =
        Math.max(
            f.smallInteger("localSteps", 1, 10_000, 1),
            f.smallInteger("localEpochs", 1, 10_000, 1));
    BigDecimal scalingNoise = f.decimal("scalingNoiseMultiplier", "0.1", "256", "10");
    YamlFields o = f.group("optimizer");
    o.constant("kind", "sgd");
    BigDecimal learningRate = positive(o, "learningRate");
    BigDecimal momentum = o.decimal("momentum", "0", "0.9999", "0");
    o.end();
    Average average = f.choice("average", Average.class, Average::text, Average.NONE);
    f.end();
    return f.clean()
        ? Optional.of(
            new Strategy.DpSgd(
                rounds,
                samplingRate,
                clipNorm,
                clipUnits,
                localSteps,
                scalingNoise,
                new Strategy.Optimizer(learningRate, momentum),
                average))
        : Optional.empty();
  }

  private Optional<Evaluation> evaluation(YamlFields f) {
    // In a file for people "policy" is clearer than an absent field; both mean the dataset's split.
    boolean policys = !f.has("holdout") || f.isWord("holdout", "policy");
    Optional<BigDecimal> holdout =
        policys ? Optional.empty() : Optional.of(f.decimal("holdout", "1e-6", "0.5"));
    List<Metric> metrics = f.choices("metrics", Metric.class, Metric::text);
    BigDecimal noiseMultiplier = f.decimal("noiseMultiplier", "0.1", "10000", "10");
    f.end();
    return f.clean()
        ? Optional.of(new Evaluation(holdout, Set.copyOf(metrics), noiseMultiplier))
        : Optional.empty();
  }

  private static BigDecimal positive(YamlFields f, String name) {
    return f.decimal(name, "1e-9", "1e9");
  }

  private List<String> columns(YamlFields f, String name) {
    List<String> columns = f.texts(name);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!seen.add(columns.get(i))) {
        findings.add(f.where(name, i), Code.FILE_FIELD, columns.get(i) + " stands twice");
      }
    }
    return columns;
  }
}
