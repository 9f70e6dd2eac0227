package io.concordat.protocol.core;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.round.RoundEvent;
import io.concordat.protocol.statement.Notice;
import io.concordat.protocol.statement.SignedStatement;
import java.util.List;

/** What can happen to the aggregator. */
public sealed interface AggregatorEvent {
  /**
   * A node posted a statement; its signature holds.
   *
   * @param from the institution that the connection belongs to
   * @param attachments in the order of the message; a ciphertext among them was stored by the shell
   *     and is left out here
   */
  record StatementArrived(String from, SignedStatement statement, List<byte[]> attachments)
      implements AggregatorEvent {
    public StatementArrived {
      attachments = List.copyOf(attachments);
    }
  }

  /** A witness posted a cosignature line. */
  record CosignatureArrived(String from, String line) implements AggregatorEvent {}

  /** All chunks of a contribution are stored and flushed under its name and match its root. */
  record CiphertextStored(Digest contribution) implements AggregatorEvent {}

  /**
   * A person submitted a job.
   *
   * @param file the signed bytes
   */
  record JobArrived(byte[] file, VerifyingKey submitter, byte[] signature)
      implements AggregatorEvent {}

  /** A person brought a signed freeze or thaw; its signature holds. */
  record FreezeCarried(SignedStatement signed) implements AggregatorEvent {}

  /**
   * A statement that the log takes as it is, signed elsewhere so that its signature does not hold
   * up the core.
   *
   * @param actor in whose name the entry stands: the aggregator's own or a submitter's
   */
  record Said(String actor, SignedStatement signed) implements AggregatorEvent {}

  /** The next version of the policy was checked and is in the book: it comes into force. */
  record PolicyArrived(long version, Digest policy) implements AggregatorEvent {}

  /** A person with the right to do so cancelled a job. */
  record JobCancelled(Digest job) implements AggregatorEvent {}

  /** Something readers of the log should know. */
  record Noted(Notice notice) implements AggregatorEvent {}

  /** The work of a {@link io.concordat.protocol.round.RoundCommand} is done. */
  record WorkDone(RoundEvent result) implements AggregatorEvent {}

  /** A command ended without an answer; it is given again a little later. */
  record WorkFailed(RoundCommand command) implements AggregatorEvent {}

  /** Time has passed; a few times a second is enough. */
  record Tick() implements AggregatorEvent {}
}
