package io.concordat.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.job.ModelGraph.Activation;
import io.concordat.protocol.job.ModelGraph.Layer;
import io.concordat.protocol.policy.AnalysisGrant;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.PolicyFixture;
import io.concordat.protocol.policy.Template;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelGraphTest {
  private static final ModelGraph GRAPH =
      new ModelGraph(
          List.of(
              new Layer(4, Activation.TANH, false),
              new Layer(4, Activation.RELU, true),
              new Layer(1, Activation.LINEAR, false)));

  private static final String LAYERS =
      "[{kind: dense, units: 4, activation: tanh},"
          + " {kind: dense, units: 4, activation: relu, skip: true},"
          + " {kind: dense, units: 1, activation: linear}]";

  @Test
  void aFileHasOneFormAndOneDigest() throws Exception {
    assertThat(ModelGraph.read(GRAPH.file())).isEqualTo(GRAPH);
    String file = new String(GRAPH.file(), StandardCharsets.UTF_8);
    assertThat(GraphReader.read("g.yaml", utf8("schema: graph/1\nlayers: " + LAYERS)).orThrow())
        .isEqualTo(GRAPH);
    assertThat(GraphReader.read("g.json", utf8(file)).orThrow().digest()).isEqualTo(GRAPH.digest());
    assertThatThrownBy(() -> ModelGraph.read(utf8(file + "\n")))
        .isInstanceOf(DecodeException.class);
  }

  /** Code, weights, addresses, foreign layers: whatever is not in the closed set is refused. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{kind: conv, units: 4, activation: relu}]",
        "[{kind: dense, units: 0, activation: relu}]",
        "[{kind: dense, units: 70000, activation: relu}]",
        "[{kind: dense, units: 1, activation: exec}]",
        "[{kind: dense, units: 1, activation: relu}]",
        "[{kind: dense, units: 2, activation: linear}]",
        "[{kind: dense, units: 1, activation: linear, skip: true}]",
        "[{kind: dense, units: 1, activation: linear, skip: maybe}]",
        "[{kind: dense, units: 1, activation: linear, weights: [1]}]",
        "[{kind: dense, units: 1, activation: linear, code: \"torch.load\"}]",
        "[{kind: dense, units: 1, activation: linear, url: \"http://x\"}]",
        "[{kind: dense, units: 4, activation: relu}, {kind: dense, units: 3, activation: relu,"
            + " skip: true}, {kind: dense, units: 1, activation: linear}]",
        "[]",
        "{}",
        "torch"
      })
  void whatIsNotAGraphIsRefused(String layers) {
    assertThat(GraphReader.read("g.yaml", utf8("schema: graph/1\nlayers: " + layers)).refusals())
        .isNotEmpty();
  }

  @Test
  void aGraphHasAsManyLayersAsItMayAndNoMore() {
    Layer hidden = new Layer(2, Activation.RELU, false);
    Layer last = new Layer(1, Activation.LINEAR, false);
    List<Layer> many = new java.util.ArrayList<>(java.util.Collections.nCopies(63, hidden));
    many.add(last);
    assertThat(new ModelGraph(many).layers()).hasSize(64);
    many.addFirst(hidden);
    assertThatThrownBy(() -> new ModelGraph(many)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String job(String template) {
    assertThat(JobFiles.EXACT).contains("kind: mlp").contains("hidden: [16, 8]");
    return JobFiles.EXACT
        .replace("kind: mlp", "kind: graph, template: \"" + template + "\"")
        .replace("hidden: [16, 8]", "layers: " + LAYERS);
  }

  private static Policy policy(List<Template> templates, String... models) {
    Policy p = PolicyFixture.four();
    return new Policy(
        p.digest(),
        p.federation(),
        p.version(),
        p.previous(),
        p.notBefore(),
        p.expires(),
        p.institutions(),
        p.policyThreshold(),
        p.keyHolders(),
        p.encryption(),
        p.cohort(),
        p.log(),
        p.datasets(),
        List.of(new AnalysisGrant.Train(Set.of(models), 100_000, 200)),
        templates,
        p.approval(),
        p.people(),
        p.limits());
  }

  @Test
  void aJobRunsAGraphThatThePolicyNamesAndNoOther() {
    Template named = new Template(GRAPH.digest(), "a test's");
    JobSpecification job = JobFiles.read(job(GRAPH.digest().toString()));
    assertThat(JobChecker.check(job, policy(List.of(named), "graph"))).isEmpty();
    for (Policy without :
        List.of(policy(List.of(), "graph"), policy(List.of(named), "logistic", "mlp"))) {
      assertThat(JobChecker.check(job, without))
          .extracting(Refusal::code)
          .containsExactly(Code.JOB_OUTSIDE_POLICY);
    }
  }

  @Test
  void layersThatAreNotTheNamedGraphAreNoJob() {
    assertThat(JobReader.read("job.yaml", utf8(job("sha256:" + "ab".repeat(32)))).refusals())
        .singleElement()
        .satisfies(r -> {
          assertThat(r.where().map(Where::field)).contains("analysis.model.template");
          assertThat(r.toString()).contains(GRAPH.digest().toString());
        });
  }

  /** By hand: two inputs, one hidden tanh unit pair with a skip on the second layer. */
  @Test
  void theLogitIsThatOfTheLayersInOrder() {
    ModelShape shape =
        new ModelShape.Graph(
            1,
            new ModelGraph(
                List.of(
                    new Layer(1, Activation.TANH, false),
                    new Layer(1, Activation.LOGISTIC, true),
                    new Layer(1, Activation.LINEAR, false))));
    double[] weights = {0.5, 0.1, -2, 0.3, 3, -1};
    double x = 0.7;
    double one = StrictMath.tanh(0.5 * x + 0.1);
    double two = 1 / (1 + StrictMath.exp(-(-2 * one + 0.3))) + one;
    assertThat(shape.parameters()).isEqualTo(6);
    assertThat(shape.logit(weights, new double[] {x}))
        .isCloseTo(3 * two - 1, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(shape.initialWeights(7)).isEqualTo(shape.initialWeights(7)).hasSize(6);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
