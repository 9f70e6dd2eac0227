package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundOpened;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A round as the log tells it. Only the ledger changes it. */
public final class RoundRecord {
  /** What the aggregator claims came of the round; {@link #PENDING} before it claims anything. */
  public enum Outcome {
    PENDING,
    OPENED,
    OVERFLOWED,
    SPOILED
  }

  /**
   * The first manifest of the round, valid or not.
   *
   * @param index its place in the log
   * @param time when the log took it: from then on the round is charged
   * @param fault why nobody may open it, if so
   */
  public record Manifest(
      CohortFixed fixed, Digest digest, long index, Instant time, Optional<Refusal> fault) {}

  private final JobRecord job;
  private final RoundAnnounced announcement;
  private final RoundContext ctx;
  private final long index;
  private final int step;
  private final Optional<Refusal> fault;
  private final TreeMap<Integer, Long> records = new TreeMap<>();
  private @Nullable Manifest manifest;
  private Outcome outcome = Outcome.PENDING;
  private @Nullable RoundOpened claim;
  private long end = -1;

  RoundRecord(
      JobRecord job,
      RoundAnnounced announcement,
      RoundContext ctx,
      long index,
      int step,
      Optional<Refusal> fault) {
    this.job = job;
    this.announcement = announcement;
    this.ctx = ctx;
    this.index = index;
    this.step = step;
    this.fault = fault;
  }

  public JobRecord job() {
    return job;
  }

  public RoundAnnounced announcement() {
    return announcement;
  }

  public RoundContext ctx() {
    return ctx;
  }

  public int number() {
    return announcement.round();
  }

  /** Place of the announcement in the log. */
  public long index() {
    return index;
  }

  /** Which of the job's planned openings this round attempts, from 0. */
  public int step() {
    return step;
  }

  /** Price of the round if it counts. */
  public long price() {
    return job.terms().stepPrices().get(step);
  }

  /** The same price in the units of the cap in force now, for books that outlive a policy. */
  public long accountedPrice() {
    return job.accounted(step);
  }

  /** Why nobody may take part, if so. */
  public Optional<Refusal> fault() {
    return fault;
  }

  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  /** The manifest, if it may be opened. */
  public Optional<Manifest> validManifest() {
    return manifest().filter(m -> m.fault().isEmpty());
  }

  /** Counting opening records by holder position: where in the log they stand. */
  public SortedMap<Integer, Long> records() {
    return Collections.unmodifiableSortedMap(records);
  }

  public Outcome outcome() {
    return outcome;
  }

  /** The aggregator's claim about the opening. */
  public Optional<RoundOpened> claim() {
    return Optional.ofNullable(claim);
  }

  /** Where the log ended the round. */
  public OptionalLong end() {
    return end < 0 ? OptionalLong.empty() : OptionalLong.of(end);
  }

  public boolean ended() {
    return end >= 0;
  }

  /**
   * Whether the log shows that nobody can ever open the round: it ended and fewer than t - f
   * holders of its opening set had a counting record. At most f of the answers that an opening
   * takes can come from holders that break the rule to record first, so t - f honest records would
   * be needed.
   */
  public boolean closed() {
    return ended() && (validManifest().isEmpty() || records.size() < needed());
  }

  /** Whether the round is charged: it has a valid manifest and is not seen closed. */
  public boolean charged() {
    return validManifest().isPresent() && !closed();
  }

  /** The silos of the valid manifest. */
  List<String> cohort() {
    return validManifest().orElseThrow().fixed().silos();
  }

  /** Whether this silo pays for the round. */
  public boolean charges(String silo) {
    return charged() && validManifest().orElseThrow().fixed().counts(silo);
  }

  private int needed() {
    return job.rules().threshold() - job.rules().maxCorrupt();
  }

  void fix(Manifest first) {
    manifest = first;
  }

  void record(int position, long at) {
    records.put(position, at);
  }

  void open(RoundOpened opened) {
    claim = opened;
    outcome = Outcome.OPENED;
  }

  void fail(Outcome how) {
    outcome = how;
  }

  void end(long at) {
    end = at;
  }

  @Override
  public String toString() {
    return "round " + number() + " of " + job.digest();
  }
}
