package io.concordat.protocol.opening;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumResult;
import io.concordat.crypto.rlwe.SumStore;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShareVector;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.Blobs;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.round.RoundCommand;
import io.concordat.protocol.round.RoundEvent;
import io.concordat.protocol.round.RoundEvent.Attempt;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundAnnounced;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Does the aggregator's commands. Stateless; may be called from several threads. It holds no secret
 * of anybody: ciphertexts, fingerprints and key sums are all there is.
 */
public final class AggregatorWorker {
  /** Sums up to here also travel with the messages about their opening. */
  private static final long SMALL_SUM_BYTES = 128 * 1024;

  private final Blobs blobs;
  private final Store store;
  private final RingKernel kernel;
  private final Function<Digest, JobRecord> jobs;
  private final States states;

  /**
   * A worker over the aggregator's stores.
   *
   * @param jobs the log's view of a job; called from the worker's thread, which reads only what
   *     never changes of it: terms and declared patients
   */
  public AggregatorWorker(
      Blobs blobs, Store store, RingKernel kernel, Function<Digest, JobRecord> jobs) {
    this.blobs = blobs;
    this.store = store;
    this.kernel = kernel;
    this.jobs = jobs;
    this.states = new States(blobs);
  }

  /** Does one command. The event says that it failed if the disk did; then it is given again. */
  public AggregatorEvent run(RoundCommand command) {
    try {
      return new AggregatorEvent.WorkDone(
          switch (command) {
            case RoundCommand.SumCohort c -> sum(c);
            case RoundCommand.ComputeFingerprints c -> fingerprints(c);
            case RoundCommand.TryOpening c -> open(c);
          });
    } catch (IOException | DecodeException e) {
      return new AggregatorEvent.WorkFailed(command);
    }
  }

  private static Layout layout(RoundAnnounced announcement) {
    return HeaderRules.layout(announcement)
        .orElseThrow(() -> new IllegalArgumentException("the log took a layout that is none"));
  }

  private RoundEvent sum(RoundCommand.SumCohort command) throws IOException {
    Layout layout = layout(command.announcement());
    List<Digest> cohort = new ArrayList<>();
    List<Digest> malformed = new ArrayList<>();
    try (CiphertextAccumulator sum =
        new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
      for (ContributionHeader header : command.headers()) {
        Digest contribution = header.digest();
        cohort.add(contribution);
        try (InputStream in = blobs.open(Names.ciphertext(contribution))) {
          sum.add(in, header.root());
        } catch (DecodeException e) {
          malformed.add(contribution);
        }
      }
      if (!malformed.isEmpty()) {
        return new RoundEvent.SumRefused(command.announcement().ctx(), malformed);
      }
      String name = Names.sum(command.announcement().ctx(), cohort);
      BulkDigest written;
      try (OutputStream out = blobs.create(name)) {
        written = sum.writeTo(out);
      }
      Optional<byte[]> small = Optional.empty();
      if (written.objectBytes() <= SMALL_SUM_BYTES) {
        try (InputStream in = blobs.open(name)) {
          small = Optional.of(in.readAllBytes());
        }
      }
      return new RoundEvent.SumReady(
          command.announcement().ctx(), cohort, written.root(), written.objectBytes(), small);
    }
  }

  private RoundEvent fingerprints(RoundCommand.ComputeFingerprints command)
      throws IOException, DecodeException {
    Layout layout = layout(command.announcement());
    Digest manifest = command.manifest().digest();
    List<byte[]> values = new ArrayList<>();
    for (Member member : command.manifest().cohort()) {
      try (InputStream in = blobs.open(Names.ciphertext(member.contribution()))) {
        values.add(
            Fingerprint.take(in, BulkHead.Kind.CIPHERTEXT, layout, manifest, kernel)
                .fingerprint()
                .encode());
      }
    }
    return new RoundEvent.FingerprintsReady(command.manifest().ctx(), values);
  }

  private RoundEvent open(RoundCommand.TryOpening command) throws IOException, DecodeException {
    List<Integer> tried = List.copyOf(command.answers().keySet());
    return new RoundEvent.OpeningTried(command.manifest().ctx(), tried, attempt(command));
  }

  private Attempt attempt(RoundCommand.TryOpening command) throws IOException, DecodeException {
    RoundAnnounced announcement = command.announcement();
    CohortFixed manifest = command.manifest();
    Layout layout = layout(announcement);
    TreeMap<Integer, ShareVector> answers = new TreeMap<>();
    for (Map.Entry<Integer, Digest> answer : command.answers().entrySet()) {
      byte[] object =
          store
              .get(Names.keySum(command.manifestDigest(), answer.getKey()))
              .orElseThrow(() -> new IOException("an answer is not stored"));
      try {
        answers.put(answer.getKey(), KeyShares.decode(object, layout.set().ringDegree()));
      } catch (DecodeException e) {
        // A word beyond the field: this holder's answer is worth nothing, others may do.
      }
    }
    if (answers.size() < command.threshold()) {
      return new Attempt.NotYet("fewer than " + command.threshold() + " well-formed answers");
    }
    JobRecord job = jobs.apply(announcement.job());
    SumOpening opening =
        new SumOpening(
            layout,
            manifest.ctx(),
            manifest.cohort().size(),
            command.threshold(),
            job.terms().noised() ? VectorKind.NOISED : VectorKind.EXACT,
            kernel);
    return switch (opening.open(() -> blobs.open(Names.sum(manifest)), manifest.sum(), answers)) {
      case SumResult.Opened(long[] values, var key) ->
          new Attempt.Opened(
              key.positions(),
              key.digest(),
              states.advance(
                  announcement.job(),
                  announcement.state(),
                  job.terms().program(),
                  values,
                  job.patientsOf(manifest)));
      case SumResult.Delivered delivered ->
          throw new IllegalStateException("nobody asked for a sink");
      case SumResult.Overflowed(var misfit, var key) ->
          new Attempt.Overflowed(key.positions(), misfit.toString());
      case SumResult.Spoiled(var misfit, var key) ->
          key.<Attempt>map(k -> new Attempt.Spoiled(k.positions(), misfit.toString()))
              .orElseGet(() -> new Attempt.NotYet(misfit.toString()));
    };
  }
}
