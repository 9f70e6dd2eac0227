package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.lifecycle.JobAction;
import io.concordat.protocol.lifecycle.JobMachine;
import io.concordat.protocol.lifecycle.JobState;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The aggregator's jobs: taken, driven from round to round, ended. */
final class RunningJobs {
  private final OwnLog log;
  private final FederationLedger ledger;
  private final JobMachine machine;
  private final LinkedHashMap<Digest, JobState> states = new LinkedHashMap<>();

  RunningJobs(AggregatorSetup setup, Store store, OwnLog log) {
    this.log = log;
    ledger = log.ledger();
    machine = new JobMachine(setup.times().collecting());
    for (JobRecord job : ledger.jobs()) {
      if (job.running()) {
        states.put(
            job.digest(),
            store
                .get(row(job.digest()))
                .map(RunningJobs::read)
                .orElseGet(() -> JobState.submitted(job)));
      }
    }
  }

  private static String row(Digest job) {
    return "job/" + job.hex();
  }

  private static JobState read(byte[] row) {
    try {
      return JobState.fromJson(CanonicalJson.parseObject(row));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored job does not read", e);
    }
  }

  private void store(JobState state, Turn turn) {
    states.put(state.job(), state);
    turn.writes.add(Write.put(row(state.job()), state.toJson()));
  }

  Optional<Refusal> submit(AggregatorEvent.JobArrived arrived, Turn turn) {
    SignedStatement signed;
    try {
      JobSubmitted submitted =
          new JobSubmitted(new String(arrived.file(), StandardCharsets.UTF_8), arrived.submitter());
      signed =
          SignedStatement.verify(
              StatementType.JOB_SUBMITTED,
              submitted.bytes(),
              arrived.submitter(),
              arrived.signature());
    } catch (DecodeException e) {
      return Optional.of(Refusal.of(Code.JOB_SIGNATURE, String.valueOf(e.getMessage())));
    }
    if (ledger.place(signed).isPresent()) {
      return Optional.empty();
    }
    return log.append(LogEntry.SUBMITTER, signed, turn);
  }

  Optional<Refusal> cancel(Digest job, Turn turn) {
    JobState state = states.get(job);
    if (state == null) {
      return Optional.of(
          Refusal.of(
              ledger.job(job).isPresent() ? Code.JOB_ENDED : Code.JOB_UNKNOWN, job.toString()));
    }
    store(state.cancelled(), turn);
    return Optional.empty();
  }

  /** The log's rules did not take what the round needed next. */
  void refused(Digest job, Code code, Turn turn) {
    Optional.ofNullable(states.get(job)).ifPresent(j -> store(j.refusedRound(code), turn));
  }

  /** A round opened, overflowed or was spoiled. */
  void settled(RoundState round, Turn turn) {
    Optional.ofNullable(states.get(round.announcement().job()))
        .ifPresent(j -> store(j.settled(round), turn));
  }

  /**
   * Does what is next for each job.
   *
   * @param listening since when nodes could have been heard of
   * @param seen nodes that were heard of lately
   */
  void drive(OpenRounds rounds, Instant listening, Set<String> seen, Turn turn) {
    for (JobRecord record : ledger.jobs()) {
      if (!record.running()) {
        continue;
      }
      JobState state = states.get(record.digest());
      if (state == null) {
        state = JobState.submitted(record);
        store(state, turn);
      }
      Optional<RoundState> round = record.current().flatMap(r -> rounds.state(r.ctx()));
      JobMachine.View view =
          new JobMachine.View(
              listening,
              seen,
              ledger.frozen(),
              record.terms().noised() ? List.of() : ledger.budgets().cohorts(record));
      switch (machine.decide(state, record, round, view, turn.now)) {
        case JobAction.Wait() -> {}
        case JobAction.Announce(RoundAnnounced announcement, RoundState.Terms terms) ->
            announce(record, announcement, terms, rounds, turn);
        case JobAction.End(var ended) -> {
          log.require(ended, turn);
          rounds.retire(record, turn);
          states.remove(record.digest());
          turn.writes.add(new Write.Delete(row(record.digest())));
        }
      }
    }
  }

  private void announce(
      JobRecord record,
      RoundAnnounced announcement,
      RoundState.Terms terms,
      OpenRounds rounds,
      Turn turn) {
    Optional<Refusal> refusal = log.append(announcement, turn);
    if (refusal.isPresent()) {
      refused(record.digest(), refusal.get().code(), turn);
      return;
    }
    rounds.retire(record, turn);
    rounds.begin(RoundState.announced(announcement, terms), turn);
  }
}
