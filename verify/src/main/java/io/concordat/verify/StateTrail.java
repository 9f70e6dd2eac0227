package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.RoundAnnounced;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A job's public state, followed from opened sum to opened sum. Once a step cannot be computed the
 * trail is lost: it is never picked up again at a state that somebody merely claims.
 */
final class StateTrail {
  private final JobRecord job;
  private byte[] state;
  private String why = "";
  private boolean leftOut;
  private final NoisePairs noise = new NoisePairs();

  StateTrail(JobRecord job) {
    this.job = job;
    state = job.terms().program().initialState();
  }

  /** A trail that stands at a state already; for tests of what comes after. */
  static StateTrail at(JobRecord job, byte[] state) {
    StateTrail trail = new StateTrail(job);
    trail.state = state.clone();
    return trail;
  }

  boolean lost() {
    return !why.isEmpty();
  }

  /**
   * Loses the trail, for the first reason only.
   *
   * @param mayBeLeftOut whether the export was allowed to leave out what is missing
   */
  void lose(String reason, boolean mayBeLeftOut) {
    if (!lost()) {
      why = reason;
      leftOut = mayBeLeftOut;
    }
  }

  /** Marks a comparison that needs the lost trail. */
  void mark(Tally tally, String where) {
    if (leftOut) {
      tally.skip(where, why);
    } else {
      tally.fault(where, why);
    }
  }

  /** What the opened rounds' noise looks like, one beside another. */
  NoisePairs noise() {
    return noise;
  }

  /** Where the trail stands. */
  byte[] state() {
    return state.clone();
  }

  /** Why a round announced so is not the one that the state asks for, if so. */
  Optional<String> announcementFault(RoundAnnounced a) {
    StateShape shape;
    try {
      shape = job.terms().program().shape(state);
    } catch (DecodeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (!a.state().equals(shape.digest())) {
      return Optional.of("announced on " + a.state() + ", computed is " + shape.digest());
    }
    boolean same =
        !shape.finished()
            && a.parameters().equals(shape.parameters())
            && a.values() == shape.values()
            && a.bits() == shape.bits();
    return same
        ? Optional.empty()
        : Optional.of(
            "announced %s with %d values of %d bits, the state asks for %s, %d, %d"
                .formatted(
                    a.parameters(),
                    a.values(),
                    a.bits(),
                    shape.parameters(),
                    shape.values(),
                    shape.bits()));
  }

  /** Takes a step; says how it differs from the claim, and then has not taken it. */
  Optional<String> advance(CohortFixed manifest, long[] values, Digest claimed) {
    TreeMap<String, Long> cohort = new TreeMap<>();
    manifest.silos().forEach(s -> cohort.put(s, job.patients().getOrDefault(s, 0L)));
    try {
      byte[] next = job.terms().program().advance(state, values, cohort);
      Digest digest = Digests.sha256(next);
      if (!digest.equals(claimed)) {
        return Optional.of("leads to " + digest + ", round.opened names " + claimed);
      }
      state = next;
      noise.add(values, next);
      return Optional.empty();
    } catch (DecodeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Why the job cannot have ended here with this result, if so. */
  Optional<String> endFault(Digest claimed) {
    Digest digest = Digests.sha256(state);
    if (!digest.equals(claimed)) {
      return Optional.of("is " + digest + ", the log names " + claimed);
    }
    try {
      return job.terms().program().shape(state).finished()
          ? Optional.empty()
          : Optional.of("the job's file asks for more rounds");
    } catch (DecodeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
