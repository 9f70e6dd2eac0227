package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SealSeed;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumResult;
import io.concordat.crypto.rlwe.SumStore;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShareVector;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.StateShape;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One round of a job, from the announcement to the opening, with real ciphertexts. */
final class LoggedRound {
  private final LoggedFederation world;
  private final JobRecord job;
  private final int threshold;
  private final Map<Integer, ShareVector> keySums = new TreeMap<>();
  private final List<SignedStatement> headers = new ArrayList<>();
  private final Map<String, byte[]> ciphertexts = new HashMap<>();

  LoggedRound(LoggedFederation world, JobRecord job) {
    this.world = world;
    this.job = job;
    threshold = world.policy.keyHolders().threshold();
  }

  void run(SortedSet<String> silos) throws IOException {
    run(silos, true);
  }

  /** The aggregator keeps to itself what came of it. */
  void runUnopened(SortedSet<String> silos) throws IOException {
    run(silos, false);
  }

  private void run(SortedSet<String> silos, boolean opens) throws IOException {
    try {
      attempt(silos, opens);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private void attempt(SortedSet<String> silos, boolean opens) throws IOException, DecodeException {
    byte[] state = Optional.ofNullable(world.states.get(job.digest())).orElseThrow();
    SignedStatement announcement = announce(job.terms().program().shape(state));
    RoundAnnounced a = (RoundAnnounced) announcement.statement();
    RoundContext ctx = RoundContext.of(announcement.bytes());
    Layout layout =
        new Layout(
            ParameterSet.byId(a.parameters()).orElseThrow(), a.values(), a.bits(), a.maxCohort());
    for (String silo : silos) {
      contribute(silo, ctx, layout, state);
    }
    byte[] sum = world.trouble.fixes(sum(layout));
    BulkDigest digest =
        Fingerprint.take(
                new ByteArrayInputStream(sum),
                BulkHead.Kind.SUMMED_CIPHERTEXT,
                layout,
                job.digest(),
                world.kernel)
            .object();
    SignedStatement manifest =
        world.append(
            LogEntry.AGGREGATOR,
            world.logKey,
            new CohortFixed(
                ctx, members(), List.of(1, 2, 3, 4), digest.root(), digest.objectBytes()));
    for (int position = 1; position <= 4; position++) {
      if (world.trouble.records(position)) {
        String holder = world.policy.keyHolders().at(position);
        world.append(holder, nodeKey(holder), new OpeningRecorded(manifest.digest(), position));
      }
    }
    if (opens) {
      open((CohortFixed) manifest.statement(), manifest.digest(), layout, sum, state);
    }
  }

  private SigningKey nodeKey(String id) {
    return LoggedFederation.key(world.nodeKeys, id);
  }

  private SignedStatement announce(StateShape shape) {
    List<RoundAnnounced.BoxKey> boxKeys = new ArrayList<>();
    job.boxKeys()
        .forEach((position, key) ->
            boxKeys.add(
                new RoundAnnounced.BoxKey(
                    position, key.published().epoch(), key.published().keyDigest())));
    return world.append(
        LogEntry.AGGREGATOR,
        world.logKey,
        new RoundAnnounced(
            world.policy.federation(),
            world.policy.digest(),
            job.digest(),
            job.rounds().size() + 1,
            shape.digest(),
            shape.parameters(),
            shape.values(),
            shape.bits(),
            world.policy.encryption().maxCohort(),
            List.copyOf(new TreeSet<>(world.silos)),
            boxKeys,
            world.now().plusSeconds(600)));
  }

  private void contribute(String silo, RoundContext ctx, Layout layout, byte[] state)
      throws IOException {
    byte[] seed = new byte[SealSeed.BYTES];
    world.random.nextBytes(seed);
    long[] values = new long[Math.toIntExact(layout.values())];
    for (int i = 0; i < values.length; i++) {
      // Positive and small: counts, squares and sums of any analysis are plausible with them.
      values[i] = 20 + world.random.nextInt(20);
    }
    noiseInTail(silo, values, state);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<ContributionHeader.Box> boxes = new ArrayList<>();
    BulkDigest written =
        new ContributionEncryptor(layout, ctx, world.kernel)
            .seal(
                seed,
                IntegerVector.of(values),
                threshold,
                new int[] {1, 2, 3, 4},
                (position, share, stream) -> {
                  add(position, share, layout.set().ringDegree());
                  boxes.add(new ContributionHeader.Box(position, Digests.sha256(share)));
                },
                out);
    ContributionHeader header =
        new ContributionHeader(
            ctx,
            silo,
            written.objectBytes(),
            written.root(),
            boxes,
            job.terms().stepPrices().get(Math.min(job.opened(), job.terms().steps() - 1)));
    SignedStatement signed = world.sign(nodeKey(silo), header);
    headers.add(signed);
    ciphertexts.put(silo, out.toByteArray());
  }

  /** What an attested vector ends in: the silo's share of noise on zeros. */
  private void noiseInTail(String silo, long[] values, byte[] state) throws IOException {
    try {
      if (job.terms().program() instanceof AnalysisProgram program
          && program.analysis().shape(PublicState.fromBytes(state)).sealing()
              instanceof RoundShape.Sealing.Noised noised) {
        double sigma = world.trouble.sigma(silo, noised.share().sigma());
        Random noise = world.trouble.noise(silo, job.opened(), world.random);
        for (int i = values.length - noised.zeroTail(); i < values.length; i++) {
          values[i] = Math.round(noise.nextGaussian() * sigma);
        }
      }
    } catch (DecodeException e) {
      throw new IOException(e);
    }
  }

  private void add(int position, byte[] share, int degree) throws IOException {
    try {
      keySums
          .computeIfAbsent(position, p -> ShareVector.zero(degree))
          .add(ShareVector.decode(share, degree));
    } catch (DecodeException e) {
      throw new IOException(e);
    }
  }

  private List<Member> members() {
    List<Member> out = new ArrayList<>();
    for (SignedStatement header : headers) {
      out.add(new Member(((ContributionHeader) header.statement()).silo(), header.digest()));
    }
    return out;
  }

  private byte[] ciphertext(String silo) {
    return Optional.ofNullable(ciphertexts.get(silo)).orElseThrow();
  }

  private byte[] sum(Layout layout) throws IOException, DecodeException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CiphertextAccumulator sum =
        new CiphertextAccumulator(layout, world.kernel, SumStore.inMemory(layout))) {
      for (SignedStatement signed : headers) {
        ContributionHeader header = (ContributionHeader) signed.statement();
        sum.add(new ByteArrayInputStream(ciphertext(header.silo())), header.root());
      }
      sum.writeTo(out);
    }
    return out.toByteArray();
  }

  private void open(CohortFixed fixed, Digest manifest, Layout layout, byte[] sum, byte[] state)
      throws IOException, DecodeException {
    List<Fingerprint> prints = new ArrayList<>();
    List<SignedStatement> stated = new ArrayList<>();
    for (Member member : fixed.cohort()) {
      fingerprint(member, manifest, layout, prints, stated);
    }
    List<SignedStatement> answers = new ArrayList<>();
    TreeMap<Integer, ShareVector> honest = new TreeMap<>();
    for (int position = 1; position <= threshold; position++) {
      ShareVector answer = Optional.ofNullable(keySums.get(position)).orElseThrow();
      honest.put(position, answer);
      byte[] object = world.trouble.answers(position, KeyShares.encode(answer));
      String holder = world.policy.keyHolders().at(position);
      answers.add(
          world.sign(
              nodeKey(holder), new KeySumStated(manifest, position, Digests.sha256(object))));
      world.files.put(PackLayout.keySum(manifest, position), object);
    }
    SumResult result =
        new SumOpening(
                layout,
                fixed.ctx(),
                fixed.cohort().size(),
                threshold,
                job.terms().noised() ? VectorKind.NOISED : VectorKind.EXACT,
                world.kernel)
            .open(BulkSource.of(sum), fixed.sum(), honest);
    Digest keySum = manifest;
    byte[] next = state;
    if (result instanceof SumResult.Opened(long[] values, var key)) {
      TreeMap<String, Long> cohort = new TreeMap<>();
      fixed.silos().forEach(s -> cohort.put(s, job.patients().getOrDefault(s, 0L)));
      keySum = key.digest();
      next = job.terms().program().advance(state, values, cohort);
    }
    world.append(
        LogEntry.AGGREGATOR,
        world.logKey,
        new RoundOpened(
            manifest, List.of(1, 2, 3), Fingerprint.digest(prints), keySum, Digests.sha256(next)));
    world.states.put(job.digest(), next);
    world.files.put(PackLayout.sum(manifest), sum);
    world.files.put(
        PackLayout.statements(manifest),
        JsonObject.builder()
            .put("manifest", manifest.toString())
            .put("headers", headers.stream().map(SignedStatement::json).toList())
            .put("fingerprints", stated.stream().map(SignedStatement::json).toList())
            .put("keySums", answers.stream().map(SignedStatement::json).toList())
            .bytes());
  }

  private void fingerprint(
      Member member,
      Digest manifest,
      Layout layout,
      List<Fingerprint> prints,
      List<SignedStatement> stated)
      throws IOException, DecodeException {
    byte[] value =
        Fingerprint.take(
                new ByteArrayInputStream(ciphertext(member.silo())),
                BulkHead.Kind.CIPHERTEXT,
                layout,
                manifest,
                world.kernel)
            .fingerprint()
            .encode();
    if (world.trouble.silent(member.silo())) {
      world.files.put(PackLayout.ciphertext(member.contribution()), ciphertext(member.silo()));
    } else {
      SignedStatement signed =
          world.sign(nodeKey(member.silo()), new FingerprintStated(manifest, member.silo(), value));
      stated.add(signed);
      value = ((FingerprintStated) signed.statement()).value();
    }
    prints.add(Fingerprint.decode(value, layout.set()));
  }
}
