package io.concordat.e2e.simulation;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.AggregatorSetup;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.StatementType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One federation, from one seed. */
final class World {
  static final String OPEN = "open";
  static final String CAPPED = "capped";
  static final List<String> DATASETS = List.of(OPEN, CAPPED);
  static final String FEDERATION = "simulated";
  private static final long CAP = 5_000_000_000L;

  final Chance chance;
  final Network network;
  final Oracle oracle = new Oracle();
  final SimulatedAggregator aggregator;
  final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
  final FederationRules rules;
  final Map<String, SigningKey> keys = new TreeMap<>();
  private final SigningKey submitter;
  private final List<String> complaints = new ArrayList<>();
  private final List<SimulatedNode.Sent> sent = new ArrayList<>();
  private boolean healed;
  private int unanswered;
  private long persisted;
  private int longestAnswer;
  private long fateAt = -1;
  private Fate fate = Fate.NONE;

  /** What becomes of one planned persistence point. */
  enum Fate {
    NONE,
    DIES_BEFORE,
    FAILS,
    DIES_AFTER
  }

  /**
   * Sizes of a federation.
   *
   * @param holders how many of the silos hold keys and witness too
   * @param threshold t
   * @param corrupt f
   * @param quorum q
   * @param idLength characters of a silo's id, 0 for as few as it takes
   * @param datasets what every silo has
   */
  record Shape(
      int silos,
      int holders,
      int threshold,
      int corrupt,
      int quorum,
      int idLength,
      List<String> datasets) {
    static final List<Shape> ALL = List.of(of(4, 3, 1, 3), of(3, 3, 1, 3), of(5, 4, 2, 4));

    /** As many silos as there can be, with the longest ids. */
    static final Shape LARGEST = new Shape(500, 7, 5, 2, 5, 64, List.of(OPEN));

    private static Shape of(int n, int threshold, int corrupt, int quorum) {
      return new Shape(n, n, threshold, corrupt, quorum, 0, DATASETS);
    }

    private String id(int i) {
      String number = Integer.toString(i);
      int zeros = Math.max(0, idLength - "silo-".length() - number.length());
      return "silo-" + "0".repeat(zeros) + number;
    }
  }

  World(long seed, Shape shape, Trouble trouble) {
    this(seed, shape, trouble, Outgoing.INLINE_BYTES);
  }

  /**
   * A federation.
   *
   * @param inlineBytes longest ciphertext that travels with its header
   */
  World(long seed, Shape shape, Trouble trouble, int inlineBytes) {
    chance = new Chance(seed);
    network = new Network(chance, trouble);
    submitter = SigningKey.generate(chance);
    SigningKey aggregatorKey = SigningKey.generate(chance);
    keys.put("aggregator", aggregatorKey);
    keys.put("submitter", submitter);
    rules = rules(shape, aggregatorKey);
    JobReader reader = PowersOfTwo.reader(oracle);
    aggregator =
        new SimulatedAggregator(
            this,
            new AggregatorSetup(
                rules,
                PolicyBook.of(rules),
                reader,
                StatementSigner.of(aggregatorKey),
                new AggregatorSetup.Times(
                    Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(20))));
    for (int i = 0; i < shape.silos; i++) {
      String id = shape.id(i);
      SigningKey key = keys.get(id);
      if (key == null) {
        throw new IllegalStateException("no key of " + id);
      }
      NodeSetup setup =
          new NodeSetup(
              id,
              rules,
              PolicyBook.of(rules),
              reader,
              SiteRules.NONE,
              StatementSigner.of(key),
              chance,
              inlineBytes);
      nodes.put(id, new SimulatedNode(this, setup, i));
    }
  }

  private FederationRules rules(Shape shape, SigningKey aggregatorKey) {
    TreeMap<String, FederationRules.Institution> institutions = new TreeMap<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < shape.silos; i++) {
      String id = shape.id(i);
      SigningKey key = SigningKey.generate(chance);
      keys.put(id, key);
      if (i < shape.holders) {
        ids.add(id);
      }
      institutions.put(id, new FederationRules.Institution(key.verifyingKey(), List.of(), true));
    }
    return new FederationRules(
        FEDERATION,
        1,
        Digests.sha256("the simulated policy"),
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2027-01-01T00:00:00Z"),
        aggregatorKey.verifyingKey(),
        "simulated.example/log",
        institutions,
        ids,
        shape.threshold,
        shape.corrupt,
        ids,
        shape.quorum,
        shape.silos / 2 + 1,
        3,
        1,
        Math.max(8, shape.silos),
        false,
        false,
        Set.of(),
        shape.datasets.stream()
            .collect(
                Collectors.toMap(
                    d -> d,
                    d ->
                        new FederationRules.DatasetRules(
                            d, d.equals(OPEN) ? OptionalLong.empty() : OptionalLong.of(CAP)))),
        FederationRules.Lasting.NONE);
  }

  /** Plans what happens at the n-th time that any process persists something. */
  void plan(long point, Fate what) {
    fateAt = point;
    fate = what;
  }

  /** A process is about to persist something: whether that was planned to go wrong. */
  Fate persisting() {
    return persisted++ == fateAt ? fate : Fate.NONE;
  }

  /** How often anything was persisted. */
  long persisted() {
    return persisted;
  }

  /** A poll was answered with so many bytes. */
  void answered(int bytes) {
    longestAnswer = Math.max(longestAnswer, bytes);
  }

  /** Bytes of the longest answer to a poll. */
  int longestAnswer() {
    return longestAnswer;
  }

  boolean healed() {
    return healed;
  }

  void trouble(String node, Refusal refusal) {
    complaints.add(network.now() + " " + node + " " + refusal);
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Keeps what went onto the wire, for replaying it. */
  void record(SimulatedNode.Sent message) {
    sent.add(message);
  }

  List<SimulatedNode.Sent> sent() {
    return List.copyOf(sent);
  }

  /** Submits a job again and again until the aggregator says yes or no. */
  void submit(String dataset, int steps, int values) {
    byte[] file = PowersOfTwo.file(FEDERATION, dataset, steps, values, chance.between(0, 1L << 50));
    unanswered++;
    byte[] signature = submitter.sign(StatementType.JOB_SUBMITTED.domain(), file);
    trySubmit(
        new AggregatorEvent.JobArrived(file, submitter.verifyingKey(), signature), new boolean[1]);
  }

  /** The answer may come later than this call, with the next flush, or be lost with a crash. */
  private void trySubmit(AggregatorEvent.JobArrived job, boolean[] answered) {
    aggregator.submit(
        job,
        refusal -> {
          boolean last =
              refusal.isEmpty()
                  || refusal.get().code() == Code.JOB_BUDGET
                  || refusal.get().code() == Code.JOB_ENDED;
          if (last && !answered[0]) {
            answered[0] = true;
            unanswered--;
          }
        });
    network.after(
        1000,
        () -> {
          if (!answered[0]) {
            trySubmit(job, answered);
          }
        });
  }

  /** Starts everything and has the first institution endorse the submitter. */
  void start() {
    aggregator.start();
    nodes.values().forEach(SimulatedNode::start);
    endorse();
  }

  private void endorse() {
    SimulatedNode first = nodes.values().iterator().next();
    boolean there =
        aggregator.up
            && aggregator.core().ledger().endorsement(submitter.verifyingKey()).isPresent();
    if (!there) {
      first.event(new NodeEvent.Endorse(submitter.verifyingKey(), "simulated scientist"));
      network.after(5000, this::endorse);
    }
  }

  void heal() {
    healed = true;
    network.heal();
  }

  /** Runs until this many milliseconds have passed. */
  void runUntil(long millis) {
    while (network.now() < millis && network.step()) {
      if (!oracle.violations().isEmpty()) {
        return;
      }
    }
  }

  /** Runs until every job that was taken has ended, or this time has passed. */
  boolean runUntilJobsEnd(long millis) {
    while (network.now() < millis && network.step()) {
      if (!oracle.violations().isEmpty()) {
        return false;
      }
      if (jobsEnded()) {
        return true;
      }
    }
    return jobsEnded();
  }

  private boolean jobsEnded() {
    if (!aggregator.up || unanswered > 0) {
      return false;
    }
    FederationLedger ledger = aggregator.core().ledger();
    return !ledger.jobs().isEmpty() && ledger.jobs().stream().noneMatch(JobRecord::running);
  }

  /** How the jobs ended, in log order. */
  List<Optional<JobEnded>> outcomes() {
    return aggregator.core().ledger().jobs().stream().map(JobRecord::end).toList();
  }

  /** What must hold when everything has come to rest. */
  void check() {
    FederationLedger log = aggregator.core().ledger();
    oracle.checkLog(log);
    for (SimulatedNode node : nodes.values()) {
      if (!node.up) {
        continue;
      }
      node.core().trouble().ifPresent(r -> oracle.violation(node.id + " stopped: " + r));
      FederationLedger own = node.core().ledger();
      if (!own.rootAt(own.size()).equals(log.rootAt(own.size()))) {
        oracle.violation(node.id + " replayed another log at size " + own.size());
      }
    }
  }
}
