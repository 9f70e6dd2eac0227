package io.concordat.protocol.round;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundEvent.Attempt;
import io.concordat.protocol.round.RoundState.Draft;
import io.concordat.protocol.round.RoundState.Phase;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The aggregator's side of a round as a pure function. */
public final class RoundMachine {
  private final Collecting collecting;
  private final Duration opening;

  /**
   * A machine with the aggregator's patience.
   *
   * @param acceptanceGrace from the last contribution to doing without holders whose list is
   *     missing
   * @param opening from the manifest to giving up
   */
  public RoundMachine(Duration acceptanceGrace, Duration opening) {
    collecting = new Collecting(acceptanceGrace);
    this.opening = opening;
  }

  /** Takes one event. */
  public RoundStep step(RoundState state, RoundEvent event, Instant now) {
    return switch (event) {
      case RoundEvent.HeaderArrived(SignedStatement header) -> header(state, header, now);
      case RoundEvent.CiphertextComplete(Digest contribution) -> complete(state, contribution, now);
      case RoundEvent.AcceptanceArrived(SignedStatement acceptance) ->
          acceptance(state, acceptance, now);
      case RoundEvent.Clock(Set<String> absent) -> clock(state, absent, now);
      case RoundEvent.SumReady ready -> sumReady(state, ready, now);
      case RoundEvent.SumRefused refused -> sumRefused(state, refused, now);
      case RoundEvent.FingerprintsReady ready -> fingerprintsReady(state, ready, now);
      case RoundEvent.FingerprintArrived(SignedStatement print) -> fingerprint(state, print, now);
      case RoundEvent.RecordLogged(int position) -> record(state, position, now);
      case RoundEvent.KeySumArrived(SignedStatement keySum) -> keySum(state, keySum, now);
      case RoundEvent.OpeningTried tried -> tried(state, tried, now);
      case RoundEvent.Ended() -> {
        Draft d = state.draft();
        if (state.phase() == Phase.COLLECTING || state.phase() == Phase.OPENING) {
          d.phase = Phase.ABANDONED;
        }
        yield done(d);
      }
    };
  }

  /** The work that was going on when the state was stored. */
  public RoundStep resume(RoundState state, Instant now) {
    Draft d = state.draft();
    d.summing = List.of();
    d.trying = List.of();
    Outputs out = new Outputs();
    if (state.phase() == Phase.OPENING && state.computed().isEmpty()) {
      out.commands.add(
          new RoundCommand.ComputeFingerprints(
              state.announcement(), state.manifest().orElseThrow()));
    }
    return advance(d, out, now);
  }

  private RoundStep header(RoundState state, SignedStatement signed, Instant now) {
    ContributionHeader header = (ContributionHeader) signed.statement();
    SignedStatement before = state.headers().get(header.silo());
    if (before != null) {
      // The silo's retry of the same bytes is welcome in any phase.
      return before.digest().equals(signed.digest())
          ? unchanged(state)
          : RoundStep.refused(
              state, Refusal.of(Code.CONTRIBUTION_SECOND, "the first is " + before.digest()));
    }
    if (state.phase() != Phase.COLLECTING) {
      return RoundStep.refused(state, Refusal.of(Code.ROUND_DEADLINE, "the cohort is fixed"));
    }
    Draft d = state.draft();
    d.headers.put(header.silo(), signed);
    return advance(d, new Outputs(), now);
  }

  private RoundStep complete(RoundState state, Digest contribution, Instant now) {
    if (state.header(contribution).isEmpty()) {
      return RoundStep.refused(
          state, Refusal.of(Code.CONTRIBUTION_UNKNOWN, contribution.toString()));
    }
    if (state.complete().contains(contribution)) {
      return unchanged(state);
    }
    Draft d = state.draft();
    d.complete.add(contribution);
    d.lastArrival = Optional.of(now);
    return advance(d, new Outputs(), now);
  }

  private RoundStep acceptance(RoundState state, SignedStatement signed, Instant now) {
    Acceptance list = (Acceptance) signed.statement();
    if (state.phase() != Phase.COLLECTING) {
      return unchanged(state);
    }
    // A list may only grow: an older one that comes late must not take acceptances back.
    if (!new HashSet<>(list.accepted()).containsAll(state.accepted(list.position()))) {
      return unchanged(state);
    }
    Draft d = state.draft();
    d.acceptances.put(list.position(), signed);
    return advance(d, new Outputs(), now);
  }

  private RoundStep clock(RoundState state, Set<String> absent, Instant now) {
    Draft d = state.draft();
    Outputs out = new Outputs();
    boolean late =
        state.phase() == Phase.OPENING && !now.isBefore(state.fixedAt().orElse(now).plus(opening));
    if (late) {
      giveUpOpening(d, out);
      return out.step(d);
    }
    return advance(d, out, absent, now);
  }

  private static void giveUpOpening(Draft d, Outputs out) {
    // Enough answers and none of their subsets opens: the round is spoiled, whoever is still
    // silent.
    if (d.tried.size() >= d.terms.threshold()) {
      spoil(d, out, d.tried, "no subset of the answers opens the sum");
    } else {
      d.phase = Phase.ABANDONED;
    }
  }

  private RoundStep sumReady(RoundState state, RoundEvent.SumReady ready, Instant now) {
    if (state.phase() != Phase.COLLECTING) {
      return unchanged(state);
    }
    Draft d = state.draft();
    d.summing = List.of();
    d.sum = Optional.of(new RoundState.Sum(ready.cohort(), ready.root(), ready.length()));
    return advance(d, new Outputs(), now);
  }

  private RoundStep sumRefused(RoundState state, RoundEvent.SumRefused refused, Instant now) {
    if (state.phase() != Phase.COLLECTING) {
      return unchanged(state);
    }
    Draft d = state.draft();
    d.summing = List.of();
    d.malformed.addAll(refused.malformed());
    return advance(d, new Outputs(), now);
  }

  private RoundStep fingerprintsReady(
      RoundState state, RoundEvent.FingerprintsReady ready, Instant now) {
    if (state.phase() != Phase.OPENING || !state.computed().isEmpty()) {
      return unchanged(state);
    }
    Draft d = state.draft();
    d.computed = ready.values();
    List<Member> cohort = state.manifest().orElseThrow().cohort();
    for (int i = 0; i < cohort.size(); i++) {
      SignedStatement stated = d.fingerprints.get(cohort.get(i).silo());
      if (stated != null && differs(stated, ready.values().get(i))) {
        d.fingerprints.remove(cohort.get(i).silo());
      }
    }
    return advance(d, new Outputs(), now);
  }

  private static boolean differs(SignedStatement stated, byte[] computed) {
    return !Arrays.equals(((FingerprintStated) stated.statement()).value(), computed);
  }

  private RoundStep fingerprint(RoundState state, SignedStatement signed, Instant now) {
    FingerprintStated stated = (FingerprintStated) signed.statement();
    if (state.manifest().isEmpty()
        || !state.manifestDigest().orElseThrow().equals(stated.manifest())) {
      return RoundStep.refused(
          state, Refusal.of(Code.ROUND_MANIFEST_NOT_IN_LOG, stated.manifest().toString()));
    }
    int index = state.manifest().get().silos().indexOf(stated.silo());
    if (index < 0) {
      return RoundStep.refused(
          state, Refusal.of(Code.ROUND_COHORT_MEMBER, stated.silo() + " is not in the cohort"));
    }
    if (!state.computed().isEmpty() && differs(signed, state.computed().get(index))) {
      return RoundStep.refused(
          state,
          Refusal.of(
              Code.ROUND_FINGERPRINT,
              "not that of the ciphertext that " + stated.silo() + " sent"));
    }
    Draft d = state.draft();
    d.fingerprints.putIfAbsent(stated.silo(), signed);
    return advance(d, new Outputs(), now);
  }

  private RoundStep record(RoundState state, int position, Instant now) {
    Draft d = state.draft();
    d.records.add(position);
    return advance(d, new Outputs(), now);
  }

  private RoundStep keySum(RoundState state, SignedStatement signed, Instant now) {
    KeySumStated answer = (KeySumStated) signed.statement();
    if (state.manifest().isEmpty()
        || !state.manifestDigest().orElseThrow().equals(answer.manifest())) {
      return RoundStep.refused(
          state, Refusal.of(Code.ROUND_MANIFEST_NOT_IN_LOG, answer.manifest().toString()));
    }
    if (!state.records().contains(answer.position())) {
      return RoundStep.refused(
          state, Refusal.of(Code.HOLDER_NO_RECORD, "position " + answer.position()));
    }
    SignedStatement before = state.keySums().get(answer.position());
    if (before != null) {
      return before.digest().equals(signed.digest())
          ? unchanged(state)
          : RoundStep.refused(
              state, Refusal.of(Code.HOLDER_SECOND_RECORD, "a holder answers with the same bytes"));
    }
    Draft d = state.draft();
    d.keySums.put(answer.position(), signed);
    return advance(d, new Outputs(), now);
  }

  private RoundStep tried(RoundState state, RoundEvent.OpeningTried tried, Instant now) {
    if (state.phase() != Phase.OPENING) {
      return unchanged(state);
    }
    Draft d = state.draft();
    Outputs out = new Outputs();
    d.trying = List.of();
    d.tried = tried.tried();
    switch (tried.attempt()) {
      case Attempt.Opened opened -> {
        d.phase = Phase.OPENED;
        d.result = Optional.of(opened.next());
        out.append.add(
            new RoundOpened(
                state.manifestDigest().orElseThrow(),
                opened.answers(),
                Digests.sha256(state.computed().toArray(byte[][]::new)),
                opened.keySum(),
                opened.next().digest()));
      }
      case Attempt.Overflowed(List<Integer> answers, String reason) -> {
        d.phase = Phase.OVERFLOWED;
        out.append.add(
            new RoundFailed(
                RoundFailed.Kind.OVERFLOW, state.manifestDigest().orElseThrow(), answers, reason));
      }
      case Attempt.Spoiled(List<Integer> answers, String reason) -> spoil(d, out, answers, reason);
      case Attempt.NotYet(String reason) -> {
        if (d.tried.size() == state.manifest().orElseThrow().openers().size()) {
          spoil(d, out, d.tried, reason);
        }
      }
    }
    return advance(d, out, now);
  }

  private static void spoil(Draft d, Outputs out, List<Integer> answers, String reason) {
    d.phase = Phase.SPOILED;
    out.append.add(
        new RoundFailed(
            RoundFailed.Kind.SPOILED,
            d.manifest.orElseThrow().digest(),
            answers.stream().sorted().toList(),
            reason));
  }

  private RoundStep advance(Draft d, Outputs out, Instant now) {
    return advance(d, out, Set.of(), now);
  }

  /** Does what has become possible. Safe to call at any time. */
  private RoundStep advance(Draft d, Outputs out, Set<String> absent, Instant now) {
    if (d.phase == Phase.COLLECTING) {
      collecting.advance(d, out, absent, now);
    }
    if (d.phase == Phase.OPENING
        && d.trying.isEmpty()
        && !d.computed.isEmpty()
        && d.keySums.size() >= d.terms.threshold()
        && !d.tried.equals(List.copyOf(d.keySums.keySet()))) {
      d.trying = List.copyOf(d.keySums.keySet());
      TreeMap<Integer, Digest> answers = new TreeMap<>();
      d.keySums.forEach((p, s) -> answers.put(p, ((KeySumStated) s.statement()).object()));
      CohortFixed manifest = d.manifest.orElseThrow();
      out.commands.add(
          new RoundCommand.TryOpening(
              d.announcement, manifest, manifest.digest(), d.terms.threshold(), answers));
    }
    return out.step(d);
  }

  private static RoundStep unchanged(RoundState state) {
    return new RoundStep(state, List.of(), List.of(), Optional.empty());
  }

  private static RoundStep done(Draft d) {
    return new RoundStep(d.freeze(), List.of(), List.of(), Optional.empty());
  }
}
