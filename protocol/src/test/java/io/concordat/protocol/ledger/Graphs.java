package io.concordat.protocol.ledger;

import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.job.ModelGraph.Activation;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.concordat.protocol.testing.Handmade;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A graph that tests upload. */
final class Graphs {
  static final ModelGraph TWO_LAYERS =
      new ModelGraph(
          List.of(
              new ModelGraph.Layer(8, Activation.TANH, false),
              new ModelGraph.Layer(8, Activation.RELU, true),
              new ModelGraph.Layer(1, Activation.LINEAR, false)));

  private Graphs() {}

  static TemplateSubmitted submitted(Handmade log) {
    return new TemplateSubmitted(
        new String(TWO_LAYERS.file(), StandardCharsets.UTF_8),
        "two layers",
        Optional.ofNullable(log.keys.get("submitter")).orElseThrow().verifyingKey());
  }
}
