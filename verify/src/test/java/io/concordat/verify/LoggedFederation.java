package io.concordat.verify;

import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.note.Checkpoint;
import io.concordat.audit.note.CheckpointSignatures;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureLine;
import io.concordat.audit.note.SignatureType;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.tile.MemoryLogFiles;
import io.concordat.audit.tile.TileWriter;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSigner;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.job.JobNonce;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.LogLeaf;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.LogKeys;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.Genesis;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.ReleasePublished;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.SubmitterEndorsed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The demo's four hospitals, an aggregator and a log, in memory: every statement is signed by the
 * key it needs, every vector really encrypted, and nobody checks anything. That is the verifier's
 * work.
 */
final class LoggedFederation {
  static final List<String> HOSPITALS =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");
  static final String ORIGIN = "concordat.example/cardio-demo";
  static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

  /** The hospitals and whoever joined them as silos only. */
  final List<String> silos;

  final Map<String, SigningKey> policyKeys = new TreeMap<>();
  final Map<String, SigningKey> nodeKeys = new TreeMap<>();
  final SigningKey logKey;
  final SigningKey submitter;
  final Map<Digest, Policy> versions = new HashMap<>();
  byte[] policyFile;
  Policy policy;
  final FederationLedger ledger;
  final RingKernel kernel = RingKernels.best();
  final Random random;
  Trouble trouble = Trouble.NONE;

  /** Files of the pack besides log and checkpoint. */
  final Map<String, byte[]> files = new TreeMap<>();

  final Map<Digest, byte[]> states = new HashMap<>();
  private final List<byte[]> leaves = new ArrayList<>();
  private Instant clock = START;

  LoggedFederation(long seed) {
    this(seed, "", "");
  }

  /** The demo's policy with one text replaced. */
  LoggedFederation(long seed, String text, String replacement) {
    this(seed, text, replacement, List.of());
  }

  /** The demo's hospitals beside many institutions that only bring records. */
  static LoggedFederation joinedBy(long seed, List<String> guests) {
    return new LoggedFederation(seed, "maxCohort: 16", "maxCohort: 500", guests);
  }

  private LoggedFederation(long seed, String text, String replacement, List<String> guests) {
    random = new Random(seed);
    silos = Stream.concat(HOSPITALS.stream(), guests.stream()).toList();
    for (String id : HOSPITALS) {
      policyKeys.put(id, key());
      nodeKeys.put(id, key());
    }
    logKey = key();
    submitter = key();
    byte[] filled =
        PolicyTemplate.demoConsortium()
            .fill(publicKeys(policyKeys), publicKeys(nodeKeys), LogKeys.of(ORIGIN, logKey), START);
    policyFile =
        new String(filled, StandardCharsets.UTF_8)
            .replace(text, replacement)
            .replaceFirst(
                "policyThreshold: 3", "policyThreshold: " + Math.max(3, silos.size() / 2 + 1))
            .replaceFirst("\ninstitutions:\n", "\ninstitutions:\n" + admitted(guests))
            .getBytes(StandardCharsets.UTF_8);
    policy = read(policyFile);
    ledger =
        new FederationLedger(
            rules(policy),
            (version, digest) -> Optional.ofNullable(versions.get(digest)).map(this::rules),
            new PinnedJobReader(digest -> Optional.ofNullable(versions.get(digest))));
    publish();
  }

  private String admitted(List<String> guests) {
    StringBuilder out = new StringBuilder();
    for (String id : guests) {
      nodeKeys.put(id, key());
      policyKeys.put(id, key());
      out.append(
          "  - {id: %s, legalEntity: %s, policyKeys: [\"%s\"], nodeKey: \"%s\", roles: [silo]}\n"
              .formatted(
                  id, id, key(policyKeys, id).verifyingKey(), key(nodeKeys, id).verifyingKey()));
    }
    return out.toString();
  }

  private Policy read(byte[] file) {
    try {
      Policy read = PolicyReader.read("policy.yaml", file).orThrow();
      versions.put(read.digest(), read);
      return read;
    } catch (RefusedException e) {
      throw new AssertionError(e.reasons().toString(), e);
    }
  }

  private FederationRules rules(Policy version) {
    try {
      return RulesOfPolicy.of(version);
    } catch (RefusedException e) {
      throw new AssertionError(e.reasons().toString(), e);
    }
  }

  private void publish() {
    files.put(PackLayout.policy(policy.version()), policyFile);
    files.put(PackLayout.policySignatures(policy.version()), policySignatures(silos));
  }

  /** The next version: the same agreement with one text replaced, signed by these institutions. */
  void activate(String text, String replacement, List<String> signers) {
    String next =
        new String(policyFile, StandardCharsets.UTF_8)
            .replaceFirst(
                "version: " + policy.version() + "\n(previousSha256: .*\n)?",
                "version: %d\npreviousSha256: \"%s\"\n"
                    .formatted(policy.version() + 1, policy.digest()))
            .replace(text, replacement);
    byte[] file = next.getBytes(StandardCharsets.UTF_8);
    Policy read = read(file);
    append(LogEntry.AGGREGATOR, logKey, new PolicyActivated(read.version(), read.digest()));
    policyFile = file;
    policy = read;
    publish();
    files.put(PackLayout.policySignatures(read.version()), policySignatures(signers));
  }

  SigningKey key() {
    byte[] bytes = new byte[SigningKey.SEED_BYTES];
    random.nextBytes(bytes);
    return SigningKey.fromSeed(bytes);
  }

  private static Map<String, PublicKeys> publicKeys(Map<String, SigningKey> keys) {
    Map<String, PublicKeys> out = new TreeMap<>();
    keys.forEach((id, key) -> out.put(id, key.publicKeys()));
    return out;
  }

  private NoteKey logNoteKey() {
    return NoteKey.of(ORIGIN, SignatureType.ED25519, logKey.verifyingKey().bytes());
  }

  byte[] policySignatures(List<String> signers) {
    return policySignatures(policyFile, signers);
  }

  byte[] policySignatures(byte[] file, List<String> signers) {
    PolicySignatures signatures = PolicySignatures.none(file);
    for (String id : signers) {
      signatures = signatures.sign(file, key(policyKeys, id));
    }
    return signatures.write();
  }

  static SigningKey key(Map<String, SigningKey> keys, String id) {
    return Optional.ofNullable(keys.get(id)).orElseThrow();
  }

  /** The entries that every log begins with. */
  void begin() {
    append(
        LogEntry.AGGREGATOR,
        logKey,
        new Genesis(policy.federation(), policy.version(), policy.digest()));
    for (String id : silos) {
      SigningKey key = key(nodeKeys, id);
      append(id, key, new DatasetDeclared("breast-cancer", id, 100 + id.length()));
      append(id, key, new DatasetDeclared("heart", id, 80 + id.length()));
    }
    append(
        "cleveland",
        key(nodeKeys, "cleveland"),
        new SubmitterEndorsed(submitter.verifyingKey(), "Ada", "cleveland"));
  }

  /** Signs and appends, whatever the ledger thinks of it. */
  SignedStatement append(String actor, SigningKey key, Statement honest) {
    SignedStatement signed = sign(key, honest);
    clock = clock.plusSeconds(1);
    append(
        new LogEntry(clock, policy.federation(), policy.version(), policy.digest(), actor, signed)
            .bytes());
    return signed;
  }

  void append(byte[] entry) {
    ledger.apply(entry);
    try {
      byte[] leaf = LogLeaf.of(entry);
      leaves.add(leaf);
      if (LogLeaf.statementOf(leaf).isPresent()) {
        SignedStatement manifest = LogEntry.read(entry).signed();
        files.put(PackLayout.manifest(manifest.digest()), manifest.bytes());
      }
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  SignedStatement sign(SigningKey key, Statement honest) {
    Statement said = trouble.says(honest);
    return SignedStatement.sign(said, StatementSigner.of(trouble.signsWith(said, key)));
  }

  Instant now() {
    return clock;
  }

  /** Logs a submission, whatever the ledger thinks of it. */
  Digest submitOnly(String text) {
    byte[] file = JobNonce.add(text.getBytes(StandardCharsets.UTF_8), random::nextBytes);
    append(
        LogEntry.SUBMITTER,
        submitter,
        new JobSubmitted(new String(file, StandardCharsets.UTF_8), submitter.verifyingKey()));
    return Digests.sha256(file);
  }

  /** Submits a job and publishes the holders' box keys for it. */
  JobRecord submit(String text) {
    Digest digest = submitOnly(text);
    JobRecord job =
        ledger
            .job(digest)
            .orElseThrow(
                () -> new AssertionError(ledger.verdict(ledger.size() - 1).reason().toString()));
    for (int position = 1; position <= HOSPITALS.size(); position++) {
      byte[] key = new byte[BoxKeyPublished.KEY_BYTES];
      random.nextBytes(key);
      String holder = policy.keyHolders().at(position);
      append(holder, key(nodeKeys, holder), new BoxKeyPublished(digest, 1, position, key));
    }
    states.put(digest, job.terms().program().initialState());
    return job;
  }

  /** All rounds that the job asks for, then its end and its release. */
  void complete(JobRecord job) throws IOException {
    for (int step = 0; step < job.terms().steps(); step++) {
      new LoggedRound(this, job).run(new TreeSet<>(silos));
    }
    end(job);
  }

  void end(JobRecord job) {
    byte[] last = Optional.ofNullable(states.get(job.digest())).orElseThrow();
    append(
        LogEntry.AGGREGATOR,
        logKey,
        new JobEnded(
            job.digest(),
            JobEnded.Outcome.SUCCEEDED,
            Optional.empty(),
            Optional.of(Digests.sha256(last))));
    if (job.opened() == job.terms().steps()) {
      byte[] document = Release.document(job, policy, last);
      byte[] claims = Release.claims(job, policy, last);
      files.put(PackLayout.release(job.digest()), document);
      files.put(PackLayout.claims(job.digest()), claims);
      append(
          LogEntry.AGGREGATOR,
          logKey,
          new ReleasePublished(
              job.digest(),
              Digests.sha256(last),
              Digests.sha256(document),
              Digests.sha256(claims)));
    }
  }

  /** Number of entries so far. */
  List<byte[]> leaves() {
    return Collections.unmodifiableList(leaves);
  }

  void replaceLeaf(int index, byte[] leaf) {
    leaves.set(index, leaf);
  }

  /** The pack: the files above, the log's tree, and its head cosigned by these witnesses. */
  Map<String, byte[]> pack(List<String> witnesses) throws IOException {
    Map<String, byte[]> pack = new TreeMap<>(files);
    MemoryLogFiles log = new MemoryLogFiles();
    TileWriter writer = TileWriter.empty(log);
    MerkleFrontier frontier = writer.append(leaves);
    Checkpoint head = new Checkpoint(ORIGIN, frontier.size(), frontier.root());
    writer.publish(note(head, logKey, witnesses));
    for (String path : log.paths()) {
      pack.put(path, log.get(path).orElseThrow());
    }
    return pack;
  }

  Map<String, byte[]> pack() throws IOException {
    return pack(HOSPITALS);
  }

  SignedCheckpoint note(Checkpoint head, SigningKey by, List<String> witnesses) {
    List<SignatureLine> lines = new ArrayList<>();
    NoteKey own = NoteKey.of(ORIGIN, SignatureType.ED25519, by.verifyingKey().bytes());
    lines.add(CheckpointSignatures.sign(own, by::signForeign, head, clock));
    MlDsaSigner lasting = by.mlDsa(MlDsaKey.Level.ML_DSA_44);
    NoteKey second = NoteKey.of(ORIGIN, SignatureType.ML_DSA_44_SUBTREE, lasting.key().bytes());
    lines.add(CheckpointSignatures.sign(second, lasting::signForeign, head, clock));
    for (String id : witnesses) {
      SigningKey key = key(nodeKeys, id);
      NoteKey name =
          NoteKey.of(ORIGIN + "/" + id, SignatureType.COSIGNATURE_V1, key.verifyingKey().bytes());
      lines.add(CheckpointSignatures.sign(name, key::signForeign, head, clock));
    }
    return new SignedCheckpoint(head, lines);
  }
}
