package io.concordat.bench.jmh;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.box.BoxKeyPair;
import io.concordat.crypto.box.ShareBoxes;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.random.BlockKeys;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.share.Interpolation;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShamirSharing;
import io.concordat.crypto.share.ShareVector;
import io.concordat.privacy.vector.Quantiser;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a contribution costs beside its blocks: quantising, seeds, shares of the key, boxes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
public class SecretsBenchmark {
  private static final int DEGREE = 16_384;
  private static final int THRESHOLD = 3;

  private final RoundContext context = RoundContext.of(new byte[] {1});
  private final byte[] seed = new byte[64];
  private final byte[] key = new byte[32];
  private final short[] roundKey = new short[DEGREE];
  private final double[] reals = new SplittableRandom(1).doubles(100_000, -1, 1).toArray();
  private final IntegerVector vector =
      IntegerVector.of(new SplittableRandom(2).longs(100_000, -32767, 32768).toArray());
  private final Quantiser quantiser = new Quantiser(1, 16);
  private final BlockKeys blockKeys = new BlockKeys(seed, "error");
  private final BoxKeyPair holder = BoxKeyPair.generate(new byte[BoxKeyPair.SECRET_BYTES]);
  private final List<ShareVector> answers = new ArrayList<>();
  private ShamirSharing sharing =
      ShamirSharing.draw(roundKey, THRESHOLD, LabelledStream.of(seed, "share"));
  private byte[] share = new byte[0];
  private byte[] box = new byte[0];

  @Setup
  public void deal() throws DecodeException {
    sharing = ShamirSharing.draw(roundKey, THRESHOLD, LabelledStream.of(seed, "share"));
    for (int position = 1; position <= THRESHOLD; position++) {
      answers.add(ShareVector.decode(sharing.share(position), DEGREE));
    }
    share = sharing.share(1);
    box = sealBox();
  }

  /** 100,000 doubles to integers. */
  @Benchmark
  public Object quantise() {
    return quantiser.quantise(reals);
  }

  /** The digest of 100,000 values that enters the seal seed. */
  @Benchmark
  public Digest vectorDigest() {
    return vector.digest();
  }

  /** The key of one block's error stream. */
  @Benchmark
  public byte[] blockKey() {
    blockKeys.key(7, key);
    return key;
  }

  /** Sharing polynomials of a key. */
  @Benchmark
  public ShamirSharing drawSharing() {
    return ShamirSharing.draw(roundKey, THRESHOLD, LabelledStream.of(seed, "share"));
  }

  /** One holder's share. */
  @Benchmark
  public byte[] share() {
    return sharing.share(2);
  }

  @Benchmark
  public byte[] sealBox() {
    byte[] encapsulation = new byte[ShareBoxes.SEED_BYTES];
    return ShareBoxes.seal(context, 1, 1, holder.publicKey(), share, encapsulation);
  }

  @Benchmark
  public Object openBox() throws Exception {
    return ShareBoxes.open(context, 1, 1, holder, box, 2 * DEGREE);
  }

  /** A holder's answer over a cohort of three. */
  @Benchmark
  public ShareVector sumShares() {
    return KeyShares.sum(answers, DEGREE);
  }

  /** The key sum from three answers. */
  @Benchmark
  public short[] interpolate() {
    return new Interpolation(1, 2, 3).at(0, answers);
  }
}
