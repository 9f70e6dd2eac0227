package io.concordat.protocol.testing;

import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.SignatureLine;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.crypto.box.BoxKeyPair;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.ledger.Verdict;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.Genesis;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.SubmitterEndorsed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Four silos that hold keys and witness (t = 3, f = 1, q = 3), and a pen for their log. */
public final class Handmade {
  public static final String FEDERATION = "handmade";
  public static final String OPEN = "open";

  /** Another dataset over the persons of {@link #OPEN}; nobody has declared it. */
  public static final String ALSO_OPEN = "also-open";

  public static final String CAPPED = "capped";

  /** The cap; an opening costs {@link #PRICE}. */
  public static final long CAP = 1000;

  public static final long PRICE = 100;

  public final Map<String, SigningKey> keys = new TreeMap<>();
  public final Map<Integer, BoxKeyPair> boxes = new TreeMap<>();
  public final Map<Integer, byte[]> boxSecrets = new TreeMap<>();
  private final Versions agreed;
  public final Set<Long> gentle;
  public final List<String> silos;
  public final FederationRules rules;
  public final FederationLedger ledger;
  public final List<byte[]> leaves = new ArrayList<>();
  public Instant time = Instant.parse("2026-10-05T08:00:00Z");
  private final Random random;
  private long nonce;

  public Handmade() {
    this(4, false);
  }

  /** A federation of {@code n} silos, of which three open; its jobs may need approvals. */
  public Handmade(int n, boolean manualApproval) {
    this(n, manualApproval, false);
  }

  /** The same; its officers may also have to decide before a job's last opening. */
  public Handmade(int n, boolean manualApproval, boolean manualRelease) {
    this(n, n == 4 ? 3 : n - (n - 1) / 3, manualApproval, manualRelease);
  }

  /** The same with any threshold, also one that no policy reader would let through. */
  public Handmade(int n, int threshold, boolean manualApproval) {
    this(n, threshold, manualApproval, false);
  }

  private Handmade(int n, int threshold, boolean manualApproval, boolean manualRelease) {
    random = new Random(n);
    for (String name : List.of("aggregator", "submitter", "stranger")) {
      keys.put(name, key());
    }
    List<String> ids = new ArrayList<>();
    TreeMap<String, FederationRules.Institution> institutions = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      String id = "silo-" + i;
      keys.put(id, key());
      ids.add(id);
      institutions.put(
          id,
          new FederationRules.Institution(
              keys.get(id).verifyingKey(),
              List.of(officer(id).verifyingKey()),
              true,
              keys.get(id).publicKeys().quantum()));
    }
    silos = List.copyOf(ids);
    rules =
        Versions.first(
            time,
            keys.get("aggregator"),
            institutions,
            ids,
            threshold,
            manualApproval,
            manualRelease);
    agreed = new Versions(rules);
    gentle = agreed.gentle;
    ledger = emptyLedger();
  }

  private Handmade(Handmade before, FederationLedger ledger) {
    random = before.random;
    keys.putAll(before.keys);
    boxes.putAll(before.boxes);
    boxSecrets.putAll(before.boxSecrets);
    silos = before.silos;
    rules = before.rules;
    agreed = new Versions(before.agreed);
    gentle = agreed.gentle;
    leaves.addAll(before.leaves);
    time = before.time;
    this.ledger = ledger;
  }

  /** Another pen, for a branch of this log that begins with everything written so far. */
  public Handmade continuing(FederationLedger branch) {
    return new Handmade(this, branch);
  }

  public FederationLedger emptyLedger() {
    return new FederationLedger(rules, book(), reader());
  }

  /** Every version made so far; those in {@link #gentle} end no running job. */
  public PolicyBook book() {
    return agreed.book();
  }

  /** The next version: these holders and this cap, all else as it was. */
  public FederationRules next(List<String> holders, long cap) {
    return agreed.next(holders, cap, Set.of());
  }

  /** The next version, with uploaded model graphs. */
  public FederationRules next(List<String> holders, long cap, Set<Digest> templates) {
    return agreed.next(holders, cap, templates);
  }

  /** Puts a version into force. */
  public FederationRules activate(FederationRules next) {
    good(byAggregator(new PolicyActivated(next.version(), next.policy())));
    return next;
  }

  public static JobReader reader() {
    return Adding.reader(PRICE);
  }

  /** The policy key of an institution's officer. */
  public static SigningKey officer(String id) {
    return SigningKey.fromSeed(Digests.sha256("officer of " + id).bytes());
  }

  private SigningKey key() {
    return SigningKey.generate(random::nextBytes);
  }

  public StatementSigner signer(String name) {
    return StatementSigner.of(keys.get(name));
  }

  /** Signs as somebody and appends in the name of somebody. */
  public Verdict append(String actor, String signer, Statement statement) {
    return append(actor, SignedStatement.sign(statement, signer(signer)));
  }

  public Verdict append(String actor, SignedStatement signed) {
    byte[] leaf =
        new LogEntry(
                time, FEDERATION, ledger.rules().version(), ledger.rules().policy(), actor, signed)
            .bytes();
    leaves.add(leaf);
    return ledger.apply(leaf);
  }

  public Verdict byAggregator(Statement statement) {
    return append(LogEntry.AGGREGATOR, "aggregator", statement);
  }

  public Verdict byNode(String id, Statement statement) {
    return append(id, id, statement);
  }

  /** Fails unless the entry took effect. */
  public static void good(Verdict verdict) {
    if (verdict instanceof Verdict.Invalid(Refusal refusal)) {
      throw new AssertionError(refusal.toString());
    }
  }

  /** The code with which an entry was refused; empty if it took effect. */
  public static Optional<Code> code(Verdict verdict) {
    return verdict.reason().map(Refusal::code);
  }

  /** Genesis, datasets, an endorsed submitter. */
  public Handmade begun() {
    good(byAggregator(new Genesis(FEDERATION, 1, rules.policy())));
    for (String silo : silos) {
      good(byNode(silo, new DatasetDeclared(OPEN, silo, 100)));
      good(byNode(silo, new DatasetDeclared(CAPPED, silo, 100)));
    }
    good(
        byNode(
            silos.getFirst(),
            new SubmitterEndorsed(
                keys.get("submitter").verifyingKey(), "somebody", silos.getFirst())));
    return this;
  }

  public SignedStatement job(String dataset, int steps) {
    byte[] file = Adding.file(FEDERATION, dataset, steps, 5, nonce++);
    return SignedStatement.sign(
        new JobSubmitted(
            new String(file, StandardCharsets.UTF_8), keys.get("submitter").verifyingKey()),
        signer("submitter"));
  }

  public Verdict submit(SignedStatement job) {
    return append(LogEntry.SUBMITTER, job);
  }

  /** A job with a box key of every holder. */
  public JobRecord running(String dataset, int steps) {
    SignedStatement job = job(dataset, steps);
    good(submit(job));
    JobRecord record = ledger.job(job.digest()).orElseThrow();
    publishBoxKeys(record);
    return record;
  }

  /** A box key of every holder for this job. */
  public void publishBoxKeys(JobRecord job) {
    for (int position = 1; position <= silos.size(); position++) {
      byte[] secret = new byte[BoxKeyPair.SECRET_BYTES];
      random.nextBytes(secret);
      boxSecrets.put(position, secret);
      BoxKeyPair pair = BoxKeyPair.generate(secret);
      boxes.put(position, pair);
      good(
          byNode(
              silos.get(position - 1),
              new BoxKeyPublished(job.digest(), 1, position, pair.publicKey().bytes())));
    }
  }

  /** The next announcement as an honest aggregator would write it. */
  public RoundAnnounced announcement(JobRecord job) {
    return new RoundAnnounced(
        FEDERATION,
        job.rules().policy(),
        job.digest(),
        job.rounds().size() + 1,
        job.state(),
        job.initial().parameters(),
        job.initial().values(),
        job.initial().bits(),
        rules.maxCohort(),
        silos,
        job.boxKeys().entrySet().stream()
            .map(e ->
                new RoundAnnounced.BoxKey(
                    e.getKey(),
                    e.getValue().published().epoch(),
                    e.getValue().published().keyDigest()))
            .toList(),
        time.plus(Duration.ofMinutes(10)));
  }

  public RoundRecord announce(JobRecord job) {
    good(byAggregator(announcement(job)));
    return job.current().orElseThrow();
  }

  /** A manifest of these silos with made-up contributions and sum. */
  public CohortFixed manifest(RoundContext ctx, List<String> cohort) {
    return new CohortFixed(
        ctx,
        cohort.stream().map(s -> new Member(s, Digests.sha256(s + ctx))).toList(),
        positions(),
        Digests.sha256("sum of " + cohort),
        1000);
  }

  public List<Integer> positions() {
    List<Integer> out = new ArrayList<>();
    for (int position = 1; position <= silos.size(); position++) {
      out.add(position);
    }
    return out;
  }

  public CohortFixed fix(RoundRecord round, List<String> cohort) {
    CohortFixed manifest = manifest(round.ctx(), cohort);
    good(byAggregator(manifest));
    return manifest;
  }

  /** Records of the first holders. */
  public void record(CohortFixed manifest, int holders) {
    for (int position = 1; position <= holders; position++) {
      good(byNode(silos.get(position - 1), new OpeningRecorded(manifest.digest(), position)));
    }
  }

  /** The claim that a round opened and led to a state of this digest. */
  public RoundOpened opened(CohortFixed manifest, Digest state) {
    return new RoundOpened(
        manifest.digest(),
        positions().subList(0, rules.threshold()),
        Digests.sha256("fingerprints"),
        Digests.sha256("key sum"),
        state);
  }

  /** A whole round that is claimed to have opened. */
  public RoundRecord open(JobRecord job, List<String> cohort) {
    RoundRecord round = announce(job);
    CohortFixed manifest = fix(round, cohort);
    record(manifest, rules.threshold());
    good(byAggregator(opened(manifest, Digests.sha256("state after " + round))));
    return round;
  }

  /** The head of everything so far, signed by the aggregator and the first witnesses. */
  public String note(int witnesses) {
    Checkpoint head = new Checkpoint(rules.origin(), ledger.size(), ledger.frontier().root());
    List<SignatureLine> lines = new ArrayList<>();
    lines.add(
        CheckpointSignatures.sign(rules.logKey(), signer("aggregator")::signForeign, head, time));
    for (String witness : silos.subList(0, witnesses)) {
      lines.add(
          CheckpointSignatures.sign(
              rules.witnessKey(witness), signer(witness)::signForeign, head, time));
    }
    return new SignedCheckpoint(head, lines).toString();
  }

  /** What a poll from this size on would be answered with, the newest head under a quorum. */
  public WorkReply reply(long from, WorkItem... items) {
    return new WorkReply(
        new Cursor(leaves.size(), 0),
        leaves.subList((int) from, leaves.size()),
        note(rules.witnessQuorum()),
        Arrays.asList(items));
  }
}
