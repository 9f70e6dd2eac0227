package io.concordat.silonode.datasets;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.random.NoiseSeed;
import io.concordat.crypto.random.Randomness;
import io.concordat.privacy.noise.RandomBits;
import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.contribution.VectorSource;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.plan.JobPlan;
import io.concordat.protocol.plan.JobPlanner;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.silonode.records.SiloRecords;
import io.concordat.silonode.training.PrivateHalf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * From an announced round to the vector that is sealed: plans the job from its signed file, as
 * everybody does, and lets the private half compute.
 */
public final class RoundVectors implements VectorSource {
  private static final int BLOCK_BYTES = 8192;

  private final Policy policy;
  private final JobPlanner planner;
  private final Function<Digest, Optional<JobRecord>> jobs;
  private final Supplier<LoadedDatasets> datasets;
  private final Randomness randomness;
  private final byte[] nodeSecret;
  private final AtomicLong draws = new AtomicLong();

  /**
   * @param jobs the replayed log's job of a digest
   * @param datasets waits until the records are read
   * @param nodeSecret hedges the system's randomness; kept
   */
  public RoundVectors(
      Policy policy,
      JobPlanner planner,
      Function<Digest, Optional<JobRecord>> jobs,
      Supplier<LoadedDatasets> datasets,
      Randomness randomness,
      byte[] nodeSecret) {
    this.policy = policy;
    this.planner = planner;
    this.jobs = jobs;
    this.datasets = datasets;
    this.randomness = randomness;
    this.nodeSecret = nodeSecret.clone();
  }

  @Override
  public SealedInput vector(RoundAnnounced announcement, byte[] state) throws RefusedException {
    JobRecord job =
        jobs.apply(announcement.job())
            .orElseThrow(() -> refused(Code.JOB_UNKNOWN, announcement.job().toString()));
    byte[] file = job.submitted().file().getBytes(StandardCharsets.UTF_8);
    JobPlan plan = planner.plan(file, _ -> job.patients());
    String dataset = job.terms().dataset();
    SiloRecords records =
        datasets
            .get()
            .records(dataset)
            .orElseThrow(
                () -> refused(Code.RECORDS_MALFORMED, dataset + " cannot be used on this node"));
    PublicState read;
    try {
      read = PublicState.fromBytes(state);
    } catch (DecodeException broken) {
      throw refused(Code.ROUND_STATE, "the stored state does not read");
    }
    RoundShape shape = plan.analysis().shape(read);
    return switch (shape.sealing()) {
      case RoundShape.Sealing.Exact _ -> exact(shape, read, records, dataset, announcement);
      case RoundShape.Sealing.Noised _ -> noised(shape, read, records, announcement);
    };
  }

  private SealedInput exact(
      RoundShape shape,
      PublicState state,
      SiloRecords records,
      String dataset,
      RoundAnnounced announcement)
      throws RefusedException {
    ExactGrant grant = ExactGrant.from(decision(dataset, announcement.job()));
    return switch (PrivateHalf.exact(shape, state, records, grant)) {
      case PrivateHalf.Outcome.Ready(var vector) -> new SealedInput(vector.values());
      case PrivateHalf.Outcome.Unfit(String reason) ->
          throw refused(Code.TRAINING_NOT_FINITE, reason);
    };
  }

  private ExactDecision decision(String dataset, Digest job) throws RefusedException {
    boolean allowed =
        policy.dataset(dataset).filter(d -> d.privacy() instanceof Privacy.None).isPresent();
    if (!allowed) {
      throw refused(Code.JOB_EXACT_UNDER_CAP, dataset + " has a cap: its sums need noise");
    }
    return new ExactDecision() {
      @Override
      public String dataset() {
        return dataset;
      }

      @Override
      public String job() {
        return job.toString();
      }

      @Override
      public boolean exactSumsAllowed() {
        return allowed;
      }
    };
  }

  private SealedInput noised(
      RoundShape shape, PublicState state, SiloRecords records, RoundAnnounced announcement) {
    byte[] seed =
        NoiseSeed.derive(
            randomness,
            nodeSecret,
            announcement.ctx(),
            digest(records),
            draws.incrementAndGet());
    try {
      return new SealedInput(
          PrivateHalf.noised(shape, state, records, bits(seed, "coin"), bits(seed, "noise"))
              .vector()
              .values());
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  private static Digest digest(SiloRecords records) {
    return Digest.of(records.sha256());
  }

  /** A labelled keystream as 64-bit words, little-endian, read in blocks. */
  private static RandomBits bits(byte[] seed, String label) {
    LabelledStream stream = LabelledStream.of(seed, label);
    return new RandomBits() {
      private final byte[] block = new byte[BLOCK_BYTES];
      private int at = BLOCK_BYTES;

      @Override
      public long next64() {
        if (at == BLOCK_BYTES) {
          stream.read(block, 0, BLOCK_BYTES);
          at = 0;
        }
        long word = 0;
        for (int i = 7; i >= 0; i--) {
          word = word << 8 | (block[at + i] & 0xff);
        }
        at += 8;
        return word;
      }
    };
  }

  private static RefusedException refused(Code code, String detail) {
    return new RefusedException(Refusal.of(code, detail));
  }
}
