package io.concordat.protocol.contributor;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A silo's part in one job as pure functions of its own state and the replayed log. */
public final class ContributorMachine {
  private final String silo;

  /** The contributor of one institution. */
  public ContributorMachine(String silo) {
    this.silo = silo;
  }

  /** What is to be done next; each is asked for again until its answer has changed the state. */
  public sealed interface Due {
    /** Check and open the first opening that this silo has not opened itself. */
    record Verify(RoundRecord round) implements Due {}

    /** Make a contribution for the job's newest round. */
    record Take(RoundRecord round) implements Due {}

    /** State the fingerprint of the own contribution. */
    record Fingerprint(RoundRecord round, ContributionHeader own) implements Due {}

    /** Take no further part in this job. */
    record Stop(Refusal reason) implements Due {}
  }

  /** Everything that is due now, in an order that may be kept or not. */
  public List<Due> due(ContributorState state, JobRecord job, boolean frozen, Instant now) {
    if (state.stopped().isPresent() || job.rounds().isEmpty()) {
      return List.of();
    }
    List<Due> out = new java.util.ArrayList<>();
    fingerprint(state, job).ifPresent(out::add);
    Optional<RoundRecord> unopened =
        state.verified() >= job.opened()
            ? Optional.empty()
            : job.rounds().stream()
                .filter(r -> r.outcome() == RoundRecord.Outcome.OPENED)
                .skip(state.verified())
                .findFirst();
    if (unopened.isPresent()) {
      out.add(new Due.Verify(unopened.get()));
    } else if (job.running() && !frozen) {
      take(state, job, now).ifPresent(out::add);
    }
    return out;
  }

  private Optional<Due> fingerprint(ContributorState state, JobRecord job) {
    RoundRecord round = job.current().orElseThrow();
    Optional<RoundRecord.Manifest> manifest = round.validManifest();
    Optional<SignedStatement> own = state.header(round.number());
    if (manifest.isEmpty() || own.isEmpty() || state.fingerprinted() >= round.number()) {
      return Optional.empty();
    }
    // Another digest beside this silo's name would be a contribution it knows nothing of: it stays
    // silent, and the checkers compute that fingerprint from what was really summed.
    return manifest.get().fixed().cohort().contains(new Member(silo, own.get().digest()))
        ? Optional.of(new Due.Fingerprint(round, (ContributionHeader) own.get().statement()))
        : Optional.empty();
  }

  private Optional<Due> take(ContributorState state, JobRecord job, Instant now) {
    RoundRecord round = job.current().orElseThrow();
    RoundAnnounced a = round.announcement();
    if (round.ended()
        || round.fault().isPresent()
        || round.manifest().isPresent()
        || !a.roster().contains(silo)
        || state.hasSealed(round.number())
        || !now.isBefore(a.deadline())) {
      return Optional.empty();
    }
    // INV-07: the announced state is the one that this silo computed itself from sums that it
    // opened
    // itself. Anything else is a model that somebody made for it.
    StateShape own = state.shape();
    if (!a.state().equals(own.digest())) {
      return Optional.of(
          new Due.Stop(
              Refusal.of(Code.ROUND_STATE, "announced " + a.state() + ", own " + own.digest())));
    }
    if (own.finished()
        || !a.parameters().equals(own.parameters())
        || a.values() != own.values()
        || a.bits() != own.bits()) {
      return Optional.of(
          new Due.Stop(
              Refusal.of(
                  Code.ROUND_LAYOUT,
                  "announced "
                      + a.values()
                      + " values of "
                      + a.bits()
                      + " bits in "
                      + a.parameters())));
    }
    return Optional.of(new Due.Take(round));
  }

  /** Whether a seal may be made: the announcement stands under the witnesses' quorum. */
  public boolean maySeal(ContributorState state, RoundRecord round, long quorumSize) {
    return state.stopped().isEmpty()
        && round.index() < quorumSize
        && round.fault().isEmpty()
        && !round.ended()
        && round.manifest().isEmpty()
        && !state.hasSealed(round.number());
  }

  /** The box keys of the holders that the announcement names. */
  public static SortedMap<Integer, byte[]> boxKeys(RoundRecord round) {
    TreeMap<Integer, byte[]> keys = new TreeMap<>();
    for (RoundAnnounced.BoxKey named : round.announcement().boxKeys()) {
      JobRecord.BoxKey key = round.job().boxKeys().get(named.position());
      if (key != null && key.published().keyDigest().equals(named.sha256())) {
        keys.put(named.position(), key.published().key());
      }
    }
    return keys;
  }

  /** Seals what was prepared: from here on this and nothing else is this silo's contribution. */
  public ContributorState seal(
      ContributorState state,
      RoundRecord round,
      ContributorEvent.Prepared prepared,
      StatementSigner signer) {
    List<ContributionHeader.Box> boxes =
        prepared.boxes().entrySet().stream()
            .map(e -> new ContributionHeader.Box(e.getKey(), Digests.sha256(e.getValue())))
            .toList();
    ContributionHeader header =
        new ContributionHeader(
            round.ctx(), silo, prepared.length(), prepared.root(), boxes, round.price());
    return state.sealed(round.number(), SignedStatement.sign(header, signer));
  }

  /** A fingerprint was stated. */
  public ContributorState fingerprinted(ContributorState state, RoundRecord round) {
    return state.fingerprinted(round.number());
  }

  /** The silo opened a round itself; what it found decides, not what was claimed. */
  public ContributorState verified(ContributorState state, RoundRecord round, StateShape next) {
    Digest claimed = round.claim().orElseThrow().state();
    return claimed.equals(next.digest())
        ? state.advanced(next)
        : state.stopped(
            Refusal.of(
                Code.ROUND_STATE, "the log claims " + claimed + ", opened " + next.digest()));
  }
}
