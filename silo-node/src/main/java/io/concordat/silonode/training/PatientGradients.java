package io.concordat.silonode.training;

import io.concordat.protocol.analysis.ModelShape;

/**
 * Every patient's gradient of a job's model, in the order of the patients: closed form for one
 * layer, one backward pass for some hundred rows at a time otherwise.
 */
final class PatientGradients {
  /** Rows of one pass, unless one patient alone has more: bounds memory, not the result. */
  private static final int ROWS = 512;

  private PatientGradients() {}

  /** Takes one patient's gradient; the array is used again for the next. */
  interface Sink {
    void patient(double[] gradient);
  }

  static void forEach(ModelShape model, double[] weights, Examples examples, Sink sink) {
    switch (model) {
      case ModelShape.Logistic logistic -> {
        for (int patient = 0; patient < examples.patients(); patient++) {
          sink.patient(LogisticGradient.of(logistic, weights, examples, patient));
        }
      }
      case ModelShape.Mlp mlp -> network(mlp, weights, examples, sink);
      case ModelShape.Graph graph -> {
        // The slow road that is right for every architecture: a batch of one.
        try (NetworkGradient network = new NetworkGradient(graph)) {
          for (int patient = 0; patient < examples.patients(); patient++) {
            sink.patient(LocalTrainer.patientGradient(network, weights, examples, patient));
          }
        }
      }
    }
  }

  private static void network(
      ModelShape.Mlp model, double[] weights, Examples examples, Sink sink) {
    double[] gradient = new double[model.parameters()];
    try (RecordGradients records = new RecordGradients(LayerStack.of(model))) {
      int first = 0;
      while (first < examples.patients()) {
        int end = first;
        int rows = 0;
        while (end < examples.patients()
            && (rows == 0 || rows + examples.rowsOf(end).length <= ROWS)) {
          rows += examples.rowsOf(end).length;
          end++;
        }
        RecordGradients.Trace trace = trace(records, weights, examples, first, end, rows);
        int at = 0;
        for (int patient = first; patient < end; patient++) {
          int own = examples.rowsOf(patient).length;
          trace.gradient(at, at + own, gradient);
          sink.patient(gradient);
          at += own;
        }
        first = end;
      }
    }
  }

  private static RecordGradients.Trace trace(
      RecordGradients records, double[] weights, Examples examples, int first, int end, int rows) {
    double[][] inputs = new double[rows][];
    double[] labels = new double[rows];
    int at = 0;
    for (int patient = first; patient < end; patient++) {
      for (int row : examples.rowsOf(patient)) {
        inputs[at] = examples.input(row);
        labels[at] = examples.label(row);
        at++;
      }
    }
    return records.trace(weights, inputs, labels);
  }
}
