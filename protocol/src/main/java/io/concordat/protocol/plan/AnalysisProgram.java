package io.concordat.protocol.plan;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.ledger.Program;
import io.concordat.protocol.ledger.StateShape;
import java.util.List;
import java.util.Optional;

/** An analysis on encoded states. */
final class AnalysisProgram implements Program {
  private final Analysis analysis;
  private final int maxCohort;
  private final Optional<ParameterSet> demanded;

  /**
   * @param demanded the parameter set that the policy insists on, if it names one
   */
  AnalysisProgram(Analysis analysis, int maxCohort, Optional<ParameterSet> demanded) {
    this.analysis = analysis;
    this.maxCohort = maxCohort;
    this.demanded = demanded;
  }

  @Override
  public byte[] initialState() {
    return analysis.initialState().toBytes();
  }

  @Override
  public StateShape shape(byte[] state) throws DecodeException {
    PublicState read = PublicState.fromBytes(state);
    if (analysis.finished(read)) {
      return new StateShape(
          Digests.sha256(state), true, ParameterSet.RLWE_8192_150.id(), 1, RoundShape.MAX_BITS);
    }
    RoundShape shape = analysis.shape(read);
    return new StateShape(
        Digests.sha256(state),
        false,
        parameters(shape.values(), shape.bits()).id(),
        shape.values(),
        shape.bits());
  }

  /** The small set where one block of it holds the vector, the large one otherwise. */
  private ParameterSet parameters(long values, int bits) {
    if (demanded.isPresent()) {
      return demanded.get();
    }
    try {
      Layout small = new Layout(ParameterSet.RLWE_8192_150, values, bits, maxCohort);
      if (small.blocks() == 1) {
        return ParameterSet.RLWE_8192_150;
      }
    } catch (IllegalArgumentException tooWide) {
      // A slot of this width does not fit the small modulus.
    }
    return ParameterSet.RLWE_16384_300;
  }

  @Override
  public byte[] advance(byte[] state, long[] sum, List<String> cohort) throws DecodeException {
    return analysis.advance(PublicState.fromBytes(state), sum, cohort).toBytes();
  }
}
