package io.concordat.protocol.core;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.Member;
import java.util.HexFormat;
import java.util.List;

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

  /** Blob: the summed ciphertext of a cohort, whose contributions are given in its order. */
  public static String sum(RoundContext ctx, List<Digest> cohort) {
    byte[][] parts = cohort.stream().map(Digest::bytes).toArray(byte[][]::new);
    return "sum/" + hex(ctx) + "/" + Digests.sha256(parts).hex();
  }

  /** Blob: the summed ciphertext that a manifest names. */
  public static String sum(CohortFixed manifest) {
    return sum(manifest.ctx(), manifest.cohort().stream().map(Member::contribution).toList());
  }

  /** Row: a round's newest sum, if it is small. */
  public static String smallSum(RoundContext ctx) {
    return "small-sum/" + hex(ctx);
  }

  /** Blob: an encoded public state of a job. */
  public static String state(Digest job, Digest state) {
    return "state/" + job.hex() + "/" + state.hex();
  }

  /** Row: the box of a contribution for one holder. */
  public static String box(Digest contribution, int position) {
    return "box/" + contribution.hex() + "/" + position;
  }

  /** Row: a box that its holder has opened and keeps. */
  public static String heldBox(Digest contribution, int position) {
    return "held-box/" + contribution.hex() + "/" + position;
  }

  /** Row: a holder's key sum object. */
  public static String keySum(Digest manifest, int position) {
    return "key-sum/" + manifest.hex() + "/" + position;
  }
}
