package io.concordat.protocol.contributor;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Refusal;
import java.time.Instant;
import java.util.SortedMap;

/** Answers to a silo's commands. What the log says reaches the machine through the ledger. */
public sealed interface ContributorEvent {
  /**
   * A contribution is ready to be sealed: its ciphertext object is flushed as blob {@code
   * prepared/<ctx>}.
   *
   * @param length bytes of the ciphertext object
   * @param root its digest tree
   * @param boxes box object by holder position
   */
  record Prepared(RoundContext ctx, long length, Digest root, SortedMap<Integer, byte[]> boxes)
      implements ContributorEvent {}

  /** No contribution can be made: the records or the training refuse. */
  record PrepareFailed(RoundContext ctx, Refusal reason) implements ContributorEvent {}

  /** Answer to {@link ContributorCommand.ComputeFingerprint}. */
  record FingerprintComputed(Digest manifest, byte[] value) implements ContributorEvent {}

  /** The sum was checked and opened here; the next state is stored as a blob. */
  record SumVerified(Digest manifest, StateShape next) implements ContributorEvent {}

  /** The aggregator's claim does not hold. The silo stops this job. */
  record SumRefuted(Digest manifest, Refusal reason) implements ContributorEvent {}

  /** The material could not be fetched; it is tried again from that time on. */
  record SumUnavailable(Digest manifest, Instant retry) implements ContributorEvent {}
}
