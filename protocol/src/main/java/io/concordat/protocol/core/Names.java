package io.concordat.protocol.core;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import java.util.HexFormat;

/** Names of rows and blobs: one place, so that workers, cores and shells agree. */
public final class Names {
  private Names() {}

  /** Lower-case hexadecimal of a round's ctx. */
  public static String hex(RoundContext ctx) {
    return HexFormat.of().formatHex(ctx.bytes());
  }

  /** Blob: a contribution's ciphertext object, on its silo and on the aggregator. */
  public static String ciphertext(Digest contribution) {
    return "contribution/" + contribution.hex();
  }

  /** Blob: the ciphertext that a silo has prepared for a round and not sealed yet. */
  public static String prepared(RoundContext ctx) {
    return "prepared/" + hex(ctx);
  }

  /** Blob: the summed ciphertext of a round. */
  public static String sum(RoundContext ctx) {
    return "sum/" + hex(ctx);
  }

  /** Blob: an encoded public state of a job. */
  public static String state(Digest job, Digest state) {
    return "state/" + job.hex() + "/" + state.hex();
  }

  /** Row: the box of a contribution for one holder. */
  public static String box(Digest contribution, int position) {
    return "box/" + contribution.hex() + "/" + position;
  }

  /** Row: a holder's key sum object. */
  public static String keySum(Digest manifest, int position) {
    return "key-sum/" + manifest.hex() + "/" + position;
  }
}
