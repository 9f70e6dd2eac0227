package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.holder.HolderMachine;
import io.concordat.protocol.holder.HolderState;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A node's part as key holder: box keys, boxes, records, answers, erasing. */
final class Holding {
  private static final String ROUND = "holder/";
  private static final String KEYS = "holder-keys/";
  private static final Duration BOX_KEY_LIFE = Duration.ofHours(24);

  private final NodeSetup setup;
  private final FederationLedger ledger;
  private final Map<RoundContext, HolderState> states = new HashMap<>();
  private final Map<Digest, Keys> keys = new HashMap<>();
  private final Set<String> underWay = new HashSet<>();

  /** Rounds in which a box was accepted that no list has named yet. */
  private final Set<RoundContext> unlisted = new LinkedHashSet<>();

  /** Epochs of a job: the newest that was made here, and the newest of those erased. */
  private record Keys(int made, int erased) {}

  Holding(NodeSetup setup, Store store, FederationLedger ledger) {
    this.setup = setup;
    this.ledger = ledger;
    try {
      for (byte[] row : store.scan(ROUND).values()) {
        HolderState state = HolderState.fromJson(NodeCore.object(row));
        states.put(state.ctx(), state);
        unlisted.add(state.ctx());
      }
      for (byte[] row : store.scan(KEYS).values()) {
        JsonObject o = NodeCore.object(row);
        keys.put(
            Digest.parse(o.string("job")),
            new Keys(
                o.smallInteger("made", 0, Integer.MAX_VALUE),
                o.smallInteger("erased", 0, Integer.MAX_VALUE)));
      }
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored holding does not read", e);
    }
  }

  /** The own place among the holders of the policy that the job is pinned to; 0 if it is none. */
  private int position(JobRecord job) {
    return job.rules().position(setup.institution()).orElse(0);
  }

  private HolderMachine machine(RoundRecord round) {
    return new HolderMachine(position(round.job()));
  }

  private HolderState state(RoundRecord round) {
    return states.computeIfAbsent(round.ctx(), HolderState::of);
  }

  private void store(HolderState state, Outbound out) {
    states.put(state.ctx(), state);
    out.writes.add(Write.put(ROUND + Names.hex(state.ctx()), state.toJson()));
  }

  private void store(Digest job, Keys changed, Outbound out) {
    keys.put(job, changed);
    out.writes.add(
        Write.put(
            KEYS + job.hex(),
            JsonObject.builder()
                .put("job", job.toString())
                .put("made", changed.made)
                .put("erased", changed.erased)
                .build()));
  }

  void box(WorkItem.BoxDelivery delivery, Outbound out) {
    if (!(delivery.header().statement() instanceof ContributionHeader header)) {
      return;
    }
    Optional<RoundRecord> round = ledger.round(header.ctx());
    if (round.isEmpty() || position(round.get().job()) == 0) {
      return;
    }
    Optional<Refusal> refusal =
        machine(round.get())
            .mayOpenBox(
                state(round.get()), round.get(), delivery.header(), Digests.sha256(delivery.box()));
    Digest accepted = state(round.get()).accepted().get(header.silo());
    boolean known = accepted != null && accepted.equals(delivery.header().digest());
    if (refusal.isPresent() || known) {
      return;
    }
    if (underWay.add("box/" + delivery.header().digest())) {
      out.commands.add(
          new NodeCommand.Hold(
              new HolderCommand.CheckBox(
                  round.get().announcement(),
                  header,
                  position(round.get().job()),
                  delivery.box())));
    }
  }

  void drive(long quorumSize, boolean frozen, boolean tick, Outbound out, Instant now) {
    if (tick) {
      unlisted.removeIf(ctx -> list(ctx, out));
    }
    for (JobRecord job : ledger.jobs()) {
      if (position(job) == 0) {
        continue;
      }
      if (job.running()) {
        boxKey(job, out, now);
        job.current().ifPresent(r -> open(r, quorumSize, frozen, out));
      }
      erase(job, out);
    }
  }

  private void boxKey(JobRecord job, Outbound out, Instant now) {
    Keys own = keys.getOrDefault(job.digest(), new Keys(0, 0));
    JobRecord.BoxKey newest = job.boxKeys().get(position(job));
    int published = newest == null ? 0 : newest.published().epoch();
    // A key that the log has and this store does not know was made before a restore: its secret
    // may be gone, so a fresh epoch follows it at once.
    boolean unknown = published > own.made;
    boolean waiting = own.made > published;
    boolean old = newest != null && newest.time().plus(BOX_KEY_LIFE).isBefore(now);
    if (!waiting && (newest == null || old || unknown)) {
      int epoch = Math.max(published, own.made) + 1;
      if (underWay.add("key/" + job.digest() + "/" + epoch)) {
        out.commands.add(new NodeCommand.Hold(new HolderCommand.MakeBoxKey(job.digest(), epoch)));
      }
    }
  }

  private void open(RoundRecord round, long quorumSize, boolean frozen, Outbound out) {
    if (round.manifest().isEmpty() || round.ended()) {
      return;
    }
    HolderState state = state(round);
    HolderMachine machine = machine(round);
    int position = position(round.job());
    if (machine.mayRecord(state, round, frozen).isPresent()) {
      return;
    }
    RoundRecord.Manifest manifest = round.manifest().get();
    if (state.record().isEmpty()) {
      // On the disk first: what is posted afterwards can no longer be forgotten by this store.
      state = machine.record(state, round);
      store(state, out);
      if (!round.records().containsKey(position)) {
        out.post(
            SignedStatement.sign(new OpeningRecorded(manifest.digest(), position), setup.signer()));
      }
    }
    if (!state.answered()
        && machine.mayAnswer(state, round, frozen, quorumSize).isEmpty()
        && underWay.add("sum/" + round.ctx())) {
      out.commands.add(
          new NodeCommand.Hold(
              new HolderCommand.SumShares(
                  round.announcement(), manifest.fixed(), manifest.digest(), position)));
    }
  }

  /** A command gave no answer: it may be asked for again. */
  void failed(HolderCommand command) {
    switch (command) {
      case HolderCommand.MakeBoxKey(Digest job, int epoch) ->
          underWay.remove("key/" + job + "/" + epoch);
      case HolderCommand.CheckBox check -> underWay.remove("box/" + check.header().digest());
      case HolderCommand.SumShares sum -> underWay.remove("sum/" + sum.manifest().ctx());
      case HolderCommand.EraseBoxKeys erase -> underWay.remove("erase/" + erase.job());
    }
  }

  void take(HolderEvent event, Outbound out) {
    switch (event) {
      case HolderEvent.BoxKeyMade(Digest job, int epoch, byte[] key) -> {
        underWay.remove("key/" + job + "/" + epoch);
        Keys own = keys.getOrDefault(job, new Keys(0, 0));
        Optional<JobRecord> record = ledger.job(job);
        if (epoch > own.made && record.isPresent()) {
          store(job, new Keys(epoch, own.erased), out);
          out.post(
              SignedStatement.sign(
                  new BoxKeyPublished(job, epoch, position(record.get()), key), setup.signer()));
        }
      }
      case HolderEvent.BoxOpened opened -> boxOpened(opened, out);
      case HolderEvent.BoxRefused(var ctx, String silo, Digest contribution, String reason) ->
          underWay.remove("box/" + contribution);
      case HolderEvent.SharesSummed(Digest manifest, byte[] object) ->
          ledger.roundOf(manifest).ifPresent(r -> answer(r, object, out));
      case HolderEvent.SharesLost(Digest manifest, String reason) -> {
        // Left under way: without the secret this holder cannot answer for the round at all.
      }
      case HolderEvent.BoxKeysErased(Digest job, int through) -> {
        underWay.remove("erase/" + job);
        Keys own = keys.getOrDefault(job, new Keys(0, 0));
        store(job, new Keys(own.made, Math.max(own.erased, through)), out);
      }
    }
  }

  private void boxOpened(HolderEvent.BoxOpened opened, Outbound out) {
    underWay.remove("box/" + opened.contribution());
    Optional<RoundRecord> round = ledger.round(opened.ctx()).filter(r -> !r.ended());
    if (round.isEmpty()) {
      return;
    }
    HolderState before = state(round.get());
    HolderState after = machine(round.get()).accepted(before, opened.silo(), opened.contribution());
    if (after.equals(before)) {
      return;
    }
    out.writes.add(
        new Write.Put(
            Names.heldBox(opened.contribution(), position(round.get().job())), opened.box()));
    store(after, out);
    // The box of the last silo of the roster sends the list at once; until then a list goes out
    // with
    // the next tick, so that a deadline finds the holder's word.
    if (after.accepted().keySet().containsAll(round.get().announcement().roster())) {
      unlisted.remove(opened.ctx());
      list(opened.ctx(), out);
    } else {
      unlisted.add(opened.ctx());
    }
  }

  /** Posts the newest list, if the round was replayed already. */
  private boolean list(RoundContext ctx, Outbound out) {
    HolderState state = states.get(ctx);
    Optional<RoundRecord> round = ledger.round(ctx);
    if (state != null && round.isPresent()) {
      int position = position(round.get().job());
      out.postNewest(
          "acceptance/" + Names.hex(ctx),
          SignedStatement.sign(new Acceptance(ctx, position, state.members()), setup.signer()));
    }
    return state == null || round.isPresent();
  }

  private void answer(RoundRecord round, byte[] object, Outbound out) {
    underWay.remove("sum/" + round.ctx());
    HolderState state = state(round);
    RoundRecord.Manifest manifest = round.manifest().orElseThrow();
    if (state.answered()
        || round.ended()
        || !state.record().equals(Optional.of(manifest.digest()))) {
      return;
    }
    int position = position(round.job());
    String row = Names.keySum(manifest.digest(), position);
    out.writes.add(new Write.Put(row, object));
    store(machine(round).answered(state), out);
    // The record is on the disk and in the log; it binds every later answer to these very bytes.
    out.repeatable(
        SignedStatement.sign(
            new KeySumStated(manifest.digest(), position, Digests.sha256(object)), setup.signer()),
        List.of(row),
        "");
  }

  /** Removes what rounds that ended have left, and box secrets that no open round needs. */
  private void erase(JobRecord job, Outbound out) {
    int position = position(job);
    for (HolderState state : List.copyOf(states.values())) {
      RoundRecord round = ledger.round(state.ctx()).orElse(null);
      if (round != null && round.job() == job && round.ended() && !state.accepted().isEmpty()) {
        state
            .accepted()
            .values()
            .forEach(c -> out.writes.add(new Write.Delete(Names.heldBox(c, position))));
        round
            .manifest()
            .ifPresent(m -> out.writes.add(new Write.Delete(Names.keySum(m.digest(), position))));
        states.remove(round.ctx());
        out.writes.add(new Write.Delete(ROUND + Names.hex(round.ctx())));
      }
    }
    Keys own = keys.get(job.digest());
    if (own == null) {
      return;
    }
    int through = job.running() ? epochInUse(job) - 1 : own.made;
    if (through > own.erased && underWay.add("erase/" + job.digest())) {
      out.commands.add(new NodeCommand.Hold(new HolderCommand.EraseBoxKeys(job.digest(), through)));
    }
  }

  /** The oldest epoch of this holder that an open round or the next announcement can name. */
  private int epochInUse(JobRecord job) {
    int position = position(job);
    JobRecord.BoxKey newest = job.boxKeys().get(position);
    int epoch = newest == null ? 1 : newest.published().epoch();
    List<RoundAnnounced.BoxKey> open = new ArrayList<>();
    job.current().filter(r -> !r.ended()).ifPresent(r -> open.addAll(r.announcement().boxKeys()));
    for (RoundAnnounced.BoxKey key : open) {
      if (key.position() == position) {
        epoch = Math.min(epoch, key.epoch());
      }
    }
    return epoch;
  }
}
