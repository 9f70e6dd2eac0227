package io.concordat.bench.privacy;

import io.concordat.bench.accuracy.ClearFederation;
import io.concordat.privacy.noise.NoiseShare;
import io.concordat.protocol.analysis.AnalysisResult;
import io.concordat.protocol.analysis.DpSgdAnalysis;
import io.concordat.protocol.analysis.TrainedModel;
import io.concordat.silonode.records.SiloRecords;
import java.util.Optional;
import java.util.SortedMap;

/** A private logistic model under given rates and noise, over silos in one process. */
final class PrivateTraining {
  private final DpSgdAnalysis.Plan base;

  /**
   * @param base features, model and sizes; its rates and noise are replaced
   */
  PrivateTraining(DpSgdAnalysis.Plan base) {
    this.base = base;
  }

  long clipUnits() {
    return base.noise().clipUnits();
  }

  /** The released model: rounds of noised sums over these silos, the later half averaged. */
  TrainedModel run(SortedMap<String, SiloRecords> silos, Rates rates, NoiseShare noise, long seed) {
    DpSgdAnalysis analysis =
        new DpSgdAnalysis(
            new DpSgdAnalysis.Plan(
                base.features(),
                base.model(),
                rates.rounds(),
                base.sampling(),
                rates.clipNorm(),
                rates.learningRate(),
                0,
                DpSgdAnalysis.Averaging.TAIL,
                noise,
                Optional.empty(),
                Optional.empty(),
                base.seed(),
                base.trainShare(),
                base.maxPatientsPerSilo(),
                base.maxPatients()));
    AnalysisResult.Model result = analysis.result(new ClearFederation(silos).run(analysis, seed));
    return result.model();
  }
}
