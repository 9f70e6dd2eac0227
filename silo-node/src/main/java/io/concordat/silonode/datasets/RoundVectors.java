package io.concordat.silonode.datasets;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.privacy.vector.SealableVector;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.contribution.VectorSource;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.silonode.records.SiloRecords;
import io.concordat.silonode.training.Contributions;
import io.concordat.silonode.training.PrivateHalf;
import io.concordat.silonode.training.PyTorch;
import java.io.IOException;
import java.util.function.Function;

/** Joins a round of the log with the records it asks for, and lets the private half compute. */
public final class RoundVectors implements VectorSource {
  private final Function<Digest, Contributions> contributions;
  private final Function<Digest, LoadedDatasets> datasets;

  /**
   * @param contributions under the policy that a job is pinned to
   * @param datasets the records as that policy describes them; may wait until they are read
   */
  public RoundVectors(
      Function<Digest, Contributions> contributions, Function<Digest, LoadedDatasets> datasets) {
    this.contributions = contributions;
    this.datasets = datasets;
  }

  @Override
  public SealableVector vector(RoundRecord round, byte[] state, long counter)
      throws RefusedException, IOException {
    JobRecord job = round.job();
    String dataset = job.terms().dataset();
    SiloRecords records =
        datasets
            .apply(job.rules().policy())
            .records(dataset)
            .orElseThrow(
                () -> refused(Code.RECORDS_MALFORMED, dataset + " cannot be used on this node"));
    if (!(job.terms().program() instanceof AnalysisProgram program)) {
      throw refused(Code.JOB_OUTSIDE_POLICY, "this node knows no such analysis");
    }
    PublicState read;
    try {
      read = PublicState.fromBytes(state);
    } catch (DecodeException broken) {
      throw refused(Code.ROUND_STATE, "the stored state does not read");
    }
    // By the announced task alone, never by records: who stays away tells nothing of them.
    if (PyTorch.needed(program.analysis().shape(read).task()) && !PyTorch.isHere()) {
      throw refused(Code.TRAINING_NO_ENGINE, "the round is left to nodes that have PyTorch");
    }
    PrivateHalf.Outcome outcome =
        contributions
            .apply(job.rules().policy())
            .vector(job.digest(), dataset, program.analysis(), read, records, round.ctx(), counter);
    return switch (outcome) {
      case PrivateHalf.Outcome.Ready(SealableVector vector) -> vector;
      case PrivateHalf.Outcome.Unfit(String reason) ->
          throw refused(Code.TRAINING_NOT_FINITE, reason);
    };
  }

  private static RefusedException refused(Code code, String detail) {
    return new RefusedException(Refusal.of(code, detail));
  }
}
