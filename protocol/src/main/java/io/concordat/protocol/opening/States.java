package io.concordat.protocol.opening;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.core.Blobs;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.ledger.Program;
import io.concordat.protocol.ledger.StateShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SortedMap;

/** A job's public states as blobs, each under its digest. */
public final class States {
  private final Blobs blobs;

  public States(Blobs blobs) {
    this.blobs = blobs;
  }

  /** The state of this digest: stored, or the job's first. */
  public byte[] load(Digest job, Digest state, Program program) throws IOException {
    String name = Names.state(job, state);
    if (!blobs.exists(name)) {
      byte[] initial = program.initialState();
      if (Digests.sha256(initial).equals(state)) {
        return initial;
      }
    }
    try (InputStream in = blobs.open(name)) {
      byte[] bytes = in.readAllBytes();
      if (!Digests.sha256(bytes).equals(state)) {
        throw new IOException("the stored state " + name + " is damaged");
      }
      return bytes;
    }
  }

  /**
   * Computes and stores the state after an opened sum.
   *
   * @param cohort declared patients of each silo in the sum
   */
  public StateShape advance(
      Digest job, Digest from, Program program, long[] sum, SortedMap<String, Long> cohort)
      throws IOException, DecodeException {
    byte[] next = program.advance(load(job, from, program), sum, cohort);
    StateShape shape = program.shape(next);
    try (OutputStream out = blobs.create(Names.state(job, shape.digest()))) {
      out.write(next);
    }
    return shape;
  }
}
