package io.concordat.protocol.job;

import io.concordat.protocol.job.ModelGraph.Activation;
import io.concordat.protocol.job.ModelGraph.Layer;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.StrictYaml;
import io.concordat.protocol.yaml.YamlFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the layers of a model graph as people write them: inside a job, or as a file. */
public final class GraphReader {
  private GraphReader() {}

  private enum Kind {
    DENSE
  }

  private enum Skip {
    FALSE,
    TRUE
  }

  /** Reads a file {@code schema: graph/1}, YAML or JSON in any layout. */
  public static Outcome<ModelGraph> read(String file, byte[] bytes) {
    return StrictYaml.read(file, bytes)
        .then(root -> {
          Findings findings = new Findings(file);
          YamlFields f = YamlFields.of(root, findings);
          f.constant("schema", "graph/1");
          Optional<ModelGraph> graph = layers(f);
          f.end();
          return graph.isPresent() && f.clean()
              ? Outcome.accepted(graph.get())
              : Outcome.refused(findings.refusals());
        });
  }

  /** Reads the field {@code layers}; what is wrong with it is among the findings. */
  static Optional<ModelGraph> layers(YamlFields f) {
    List<Layer> layers = new ArrayList<>();
    for (YamlFields l : f.groups("layers")) {
      l.choice("kind", Kind.class, k -> "dense");
      int units = l.smallInteger("units", 1, ModelGraph.MAX_UNITS);
      Activation activation = l.choice("activation", Activation.class, Activation::text);
      Skip skip =
          l.choice(
              "skip", Skip.class, s -> s.name().toLowerCase(java.util.Locale.ROOT), Skip.FALSE);
      l.end();
      layers.add(new Layer(units, activation, skip == Skip.TRUE));
    }
    if (!f.clean()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ModelGraph(layers));
    } catch (IllegalArgumentException e) {
      f.fault("layers", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
