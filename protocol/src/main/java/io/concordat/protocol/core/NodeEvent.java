package io.concordat.protocol.core;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.contributor.ContributorEvent;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.SignedStatement;

/** What can happen to a node. */
public sealed interface NodeEvent {
  /** A poll was answered. */
  record Received(WorkReply reply) implements NodeEvent {}

  /** A message arrived at the aggregator and was taken. */
  record Delivered(String outgoing) implements NodeEvent {}

  /** A message was refused for good; it is not sent again. */
  record Refused(String outgoing, Refusal reason) implements NodeEvent {}

  /** A {@link NodeCommand.Contribute} is done. */
  record Contributed(ContributorEvent result) implements NodeEvent {}

  /** A {@link NodeCommand.Hold} is done. */
  record Held(HolderEvent result) implements NodeEvent {}

  /**
   * A command ended without an answer (a full disk, a file that is not there yet).
   *
   * @param reason for the operator
   */
  record CommandFailed(NodeCommand command, String reason) implements NodeEvent {}

  /** The silo can read this dataset; it is declared unless the log has the same declaration. */
  record DatasetReady(String dataset, long patients) implements NodeEvent {}

  /** The institution endorses a submitter key. */
  record Endorse(VerifyingKey submitter, String name) implements NodeEvent {}

  /** The institution decided about a job. */
  record Decide(JobDecision.Kind kind, Digest job, String reason) implements NodeEvent {}

  /** The institution decided about a job's result. */
  record DecideRelease(ReleaseDecision.Kind kind, Digest job, String reason) implements NodeEvent {}

  /** The institution has reviewed an uploaded model graph. */
  record Review(Digest template, String name) implements NodeEvent {}

  /** The institution freezes the federation. */
  record FreezeNow(String reason) implements NodeEvent {}

  /** The institution agrees that the freeze that holds ends. */
  record AgreeToThaw(String reason) implements NodeEvent {}

  /**
   * A signed freeze or thaw reached this node outside the log. A freeze holds here from now on
   * until the log has it, since an aggregator could sit on it; a thaw is only passed on.
   */
  record FreezeArrived(SignedStatement signed) implements NodeEvent {}

  /** The machine may be a copy of itself: its generation id has changed. */
  record MachineChanged() implements NodeEvent {}

  /** Time has passed; a few times a second is enough. */
  record Tick() implements NodeEvent {}
}
