package io.concordat.bench.accuracy;

import io.concordat.protocol.job.AnalysisSpec;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.job.ModelSpec;

/** A training job with another public seed. */
final class Reseeded {
  private Reseeded() {}

  static JobSpecification of(JobSpecification job, long seed) {
    if (!(job.analysis() instanceof AnalysisSpec.Train train)) {
      return job;
    }
    ModelSpec model =
        switch (train.model()) {
          case ModelSpec.Logistic m ->
              new ModelSpec.Logistic(m.features(), m.label(), m.scaling(), seed);
          case ModelSpec.Mlp m ->
              new ModelSpec.Mlp(m.features(), m.label(), m.scaling(), m.hidden(), seed);
          case ModelSpec.Graph m ->
              new ModelSpec.Graph(m.features(), m.label(), m.scaling(), m.graph(), seed);
        };
    return new JobSpecification(
        job.digest(),
        job.name(),
        job.federation(),
        job.dataset(),
        new AnalysisSpec.Train(model, train.strategy(), train.evaluation()),
        job.privacy(),
        job.nonce());
  }
}
