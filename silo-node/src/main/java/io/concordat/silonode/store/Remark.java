package io.concordat.silonode.store;

import io.concordat.crypto.bulk.Digest;

/** A line for readers, written in the transaction of the step that it tells of. */
public sealed interface Remark {
  /** A contribution was sealed; what it takes from the dataset's budget. */
  record Charge(
      Digest contribution, String ctx, Digest job, String dataset, int round, long rhoUnits)
      implements Remark {}

  /** This holder promised to answer for a manifest. */
  record OpeningRecord(Digest manifest, int position) implements Remark {}

  /**
   * Something this node did or refused.
   *
   * @param kind such as {@code sent}, {@code refused}, {@code trouble}
   * @param subject what it concerns, by id or digest
   * @param code a refusal's stable code, else empty
   * @param words one sentence; no data, no secrets
   */
  record Deed(String kind, String subject, String code, String words) implements Remark {}
}
