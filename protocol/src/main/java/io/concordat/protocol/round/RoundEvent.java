package io.concordat.protocol.round;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.statement.SignedStatement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can happen to a round at the aggregator. */
public sealed interface RoundEvent {
  /** A silo's header, checked against log and policy. */
  record HeaderArrived(SignedStatement header) implements RoundEvent {}

  /** All bytes of a contribution are stored and have the header's digest tree. */
  record CiphertextComplete(Digest contribution) implements RoundEvent {}

  /** A holder's list. */
  record AcceptanceArrived(SignedStatement acceptance) implements RoundEvent {}

  /**
   * Time has passed.
   *
   * @param absent silos whose node has not been heard of for a while
   */
  record Clock(Set<String> absent) implements RoundEvent {
    public Clock {
      absent = Set.copyOf(absent);
    }
  }

  /**
   * Answer to {@link RoundCommand.SumCohort}; the object is a flushed blob.
   *
   * @param small the object itself, if it is small enough to travel with other messages
   */
  record SumReady(
      RoundContext ctx, List<Digest> cohort, Digest root, long length, Optional<byte[]> small)
      implements RoundEvent {
    public SumReady {
      cohort = List.copyOf(cohort);
    }
  }

  /** The sum could not be made because these contributions are malformed. */
  record SumRefused(RoundContext ctx, List<Digest> malformed) implements RoundEvent {
    public SumRefused {
      malformed = List.copyOf(malformed);
    }
  }

  /** Answer to {@link RoundCommand.ComputeFingerprints}, in the manifest's order. */
  record FingerprintsReady(RoundContext ctx, List<byte[]> values) implements RoundEvent {
    public FingerprintsReady {
      values = List.copyOf(values);
    }
  }

  /** A silo's fingerprint. */
  record FingerprintArrived(SignedStatement fingerprint) implements RoundEvent {}

  /** A holder's record is in the log and counts. */
  record RecordLogged(int position) implements RoundEvent {}

  /** A holder's answer; its object is stored. */
  record KeySumArrived(SignedStatement keySum) implements RoundEvent {}

  /** Answer to {@link RoundCommand.TryOpening}. */
  record OpeningTried(RoundContext ctx, List<Integer> tried, Attempt attempt)
      implements RoundEvent {
    public OpeningTried {
      tried = List.copyOf(tried);
    }
  }

  /** The log ended the round: the next announcement, or the end of its job. */
  record Ended() implements RoundEvent {}

  /** What a search over the answers gave. */
  sealed interface Attempt {
    /** A subset opened the sum and the state advanced; the next state is stored as a blob. */
    record Opened(List<Integer> answers, Digest keySum, StateShape next) implements Attempt {
      public Opened {
        answers = List.copyOf(answers);
      }
    }

    /** No subset of these answers passes; more answers may. */
    record NotYet(String reason) implements Attempt {}

    /** The key is right, the noised sum left its slots. */
    record Overflowed(List<Integer> answers, String reason) implements Attempt {
      public Overflowed {
        answers = List.copyOf(answers);
      }
    }

    /** The key is right, an exact sum broke its bounds. */
    record Spoiled(List<Integer> answers, String reason) implements Attempt {
      public Spoiled {
        answers = List.copyOf(answers);
      }
    }
  }
}
