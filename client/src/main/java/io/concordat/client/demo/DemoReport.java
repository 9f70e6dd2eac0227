package io.concordat.client.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.terminal.Table;
import io.concordat.client.terminal.Terminal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the demo says of one job.
 *
 * @param privateEstimate the accuracy that the federation itself opened, noised in a private job;
 *     null if none was asked for
 * @param epsilon spent by this job, or null where the dataset has no cap
 */
record DemoReport(
    String name,
    DemoJob.Comparison comparison,
    @Nullable Double privateEstimate,
    long rounds,
    double seconds,
    long bytesPerSiloAndRound,
    @Nullable String epsilon,
    @Nullable String delta,
    boolean logVerified) {

  void print(Terminal terminal) {
    Table table = new Table("model", "accuracy", "AUC", "evaluated on");
    row(table, "federated (released)", comparison.federated());
    row(table, "pooled, outside the federation", comparison.pooled());
    comparison
        .alone()
        .forEach((hospital, score) -> row(table, hospital + " alone, outside", score));
    table.print(terminal);
    if (privateEstimate != null) {
      terminal.line(
          String.format(
              Locale.ROOT,
              "  the federation's own estimate, opened as a%s sum: accuracy %.3f",
              epsilon == null ? "" : " noised",
              privateEstimate));
    }
    terminal.line(
        String.format(
            Locale.ROOT,
            "  %d rounds in %.1f s (%.0f ms a round), %,d bytes a silo and round",
            rounds,
            seconds,
            1000 * seconds / Math.max(1, rounds),
            bytesPerSiloAndRound));
    terminal.line(
        epsilon == null
            ? "  epsilon: not bounded (the policy says privacy: none for this dataset; exact sums)"
            : "  privacy spent: epsilon "
                + epsilon
                + " at delta "
                + delta
                + ", patient level, all but one hospital honest");
    terminal.line(
        "  log: " + (logVerified ? terminal.good("verified") : terminal.bad("NOT verified")));
  }

  private static void row(Table table, String name, io.concordat.client.demo.data.Score score) {
    table.row(
        name,
        String.format(Locale.ROOT, "%.3f", score.accuracy()),
        String.format(Locale.ROOT, "%.3f", score.auc()),
        score.rows() + " rows");
  }

  /** The documented object of docs/json.md. */
  ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", name);
    node.put("accuracy", comparison.federated().accuracy());
    node.put("auc", comparison.federated().auc());
    node.put("pooledAccuracy", comparison.pooled().accuracy());
    ObjectNode alone = node.putObject("siloAccuracies");
    comparison.alone().forEach((hospital, score) -> alone.put(hospital, score.accuracy()));
    if (privateEstimate != null) {
      node.put("openedAccuracy", privateEstimate);
    }
    node.put("rounds", rounds);
    node.put("seconds", seconds);
    node.put("bytesPerSiloAndRound", bytesPerSiloAndRound);
    if (epsilon == null) {
      node.putNull("epsilon");
      node.putNull("delta");
    } else {
      node.put("epsilon", epsilon);
      node.put("delta", delta);
    }
    node.put("logVerified", logVerified);
    return node;
  }
}
