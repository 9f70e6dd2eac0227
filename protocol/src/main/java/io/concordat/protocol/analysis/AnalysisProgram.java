package io.concordat.protocol.analysis;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.protocol.ledger.Program;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.policy.Encryption;
import java.util.SortedMap;

/** An analysis as the state machines see it: encoded states and layouts. */
public final class AnalysisProgram implements Program {
  private final Analysis analysis;
  private final Encryption encryption;

  public AnalysisProgram(Analysis analysis, Encryption encryption) {
    this.analysis = analysis;
    this.encryption = encryption;
  }

  public Analysis analysis() {
    return analysis;
  }

  @Override
  public byte[] initialState() {
    return analysis.initialState().toBytes();
  }

  @Override
  public StateShape shape(byte[] state) throws DecodeException {
    PublicState decoded = PublicState.fromBytes(state);
    Digest digest = Digests.sha256(state);
    try {
      if (analysis.finished(decoded)) {
        return new StateShape(digest, true, ParameterSet.RLWE_8192_150.id(), 1, 2);
      }
      Layout layout = Layouts.of(analysis.shape(decoded), encryption);
      return new StateShape(digest, false, layout.set().id(), layout.values(), layout.bits());
    } catch (IllegalArgumentException e) {
      throw new DecodeException("state: not one of this job: " + e.getMessage(), e);
    }
  }

  @Override
  public byte[] advance(byte[] state, long[] sum, SortedMap<String, Long> cohort)
      throws DecodeException {
    PublicState decoded = PublicState.fromBytes(state);
    try {
      return analysis.advance(decoded, sum, cohort).toBytes();
    } catch (IllegalArgumentException e) {
      throw new DecodeException("state: not one of this job: " + e.getMessage(), e);
    }
  }
}
