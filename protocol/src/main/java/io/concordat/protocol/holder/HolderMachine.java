package io.concordat.protocol.holder;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.SignedStatement;
import java.util.Optional;

/**
 * A holder's part in one round as pure functions of its own state and the replayed log.
 *
 * <p>INV-06: at most one manifest of a round is ever answered. Within one store by {@code record},
 * which is written before it is posted; over restores by the log, since an answer needs the own
 * record in a log under the witnesses' quorum, and the log has one manifest a round.
 */
public final class HolderMachine {
  private final int position;

  /** The holder at a position. */
  public HolderMachine(int position) {
    this.position = position;
  }

  /** Whether a delivered box is worth opening. */
  public Optional<Refusal> mayOpenBox(
      HolderState state, RoundRecord round, SignedStatement header, Digest box) {
    if (round.fault().isPresent()) {
      return round.fault();
    }
    if (round.ended()) {
      return refuse(Code.ROUND_ENDED, round.toString());
    }
    Optional<Refusal> refusal = HeaderRules.check(round, header);
    if (refusal.isPresent()) {
      return refusal;
    }
    ContributionHeader h = (ContributionHeader) header.statement();
    Digest before = state.accepted().get(h.silo());
    if (before != null && !before.equals(header.digest())) {
      // The first box of a silo that opened stands: two contributions of one silo are never both
      // in what this holder accepted.
      return refuse(Code.CONTRIBUTION_SECOND, h.silo());
    }
    return h.box(position).filter(box::equals).isPresent()
        ? Optional.empty()
        : refuse(Code.CONTRIBUTION_DIGEST, "a box that the header does not name");
  }

  /** A box was opened and is stored. */
  public HolderState accepted(HolderState state, String silo, Digest contribution) {
    return state.accepted().containsKey(silo) ? state : state.accept(silo, contribution);
  }

  /**
   * Whether an opening record may be written for the round's manifest. That it was promised for
   * another manifest in this store is final.
   */
  public Optional<Refusal> mayRecord(HolderState state, RoundRecord round, boolean frozen) {
    Optional<RoundRecord.Manifest> first = round.manifest();
    if (first.isEmpty()) {
      return refuse(Code.ROUND_MANIFEST_NOT_IN_LOG, round.toString());
    }
    RoundRecord.Manifest manifest = first.get();
    if (manifest.fault().isPresent()) {
      return manifest.fault();
    }
    if (state.record().isPresent() && !state.record().get().equals(manifest.digest())) {
      return refuse(Code.HOLDER_SECOND_RECORD, "recorded before: " + state.record().get());
    }
    if (round.ended()) {
      return refuse(Code.ROUND_ENDED, round.toString());
    }
    if (frozen) {
      return refuse(Code.POLICY_FROZEN, "no opening while the federation is frozen");
    }
    if (!manifest.fixed().openers().contains(position)) {
      return refuse(Code.HOLDER_NOT_NAMED, "position " + position);
    }
    for (Member member : manifest.fixed().cohort()) {
      Digest accepted = state.accepted().get(member.silo());
      if (accepted == null || !accepted.equals(member.contribution())) {
        return refuse(Code.ROUND_OPENERS, "no box of " + member.silo() + " was accepted here");
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the answer may be given: all of {@link #mayRecord} once more, and the own record stands
   * in the log, counting, below a checkpoint with the witnesses' quorum. A record that only the log
   * remembers binds just so.
   */
  public Optional<Refusal> mayAnswer(
      HolderState state, RoundRecord round, boolean frozen, long quorumSize) {
    Optional<Refusal> refusal = mayRecord(state, round, frozen);
    if (refusal.isPresent()) {
      return refusal;
    }
    Long at = round.records().get(position);
    if (at == null) {
      return refuse(Code.HOLDER_NO_RECORD, round.toString());
    }
    return at < quorumSize
        ? Optional.empty()
        : refuse(Code.ROUND_NO_QUORUM, "the record stands at " + at + ", quorum " + quorumSize);
  }

  /** The promise, to be stored before it is posted. */
  public HolderState record(HolderState state, RoundRecord round) {
    return state.recorded(round.manifest().orElseThrow().digest());
  }

  /** The answer is stored. */
  public HolderState answered(HolderState state) {
    return state.answeredNow();
  }

  private static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }
}
