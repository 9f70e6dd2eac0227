package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.share.Interpolation;
import io.concordat.crypto.share.ShareVector;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SumOpeningTest {
  private static final RingKernel KERNEL = RingKernels.best();
  private static final RoundContext CONTEXT = RoundContext.of(new byte[] {1, 2, 3});

  /**
   * The attack: holder 3, answering last, finds by lattice reduction an answer whose key sum is
   * small and opens the only data block, with every check, to a sum of its choice.
   */
  @Test
  void aForgedAnswerThatPassesEveryOtherCheckFailsTheCheckBlock() throws Exception {
    VectorCase c = Vectors.named("forged/block-of-one-row");
    ParameterSet set = ParameterSet.byId(c.string("set")).orElseThrow();
    Layout layout = new Layout(set, c.number("values"), c.integer("bits"), c.integer("maxCohort"));
    byte[] body = c.base64("sumWire");
    byte[] head = new BulkHead(BulkHead.Kind.SUMMED_CIPHERTEXT, body.length).encode();
    byte[] object = ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    Digest root = DigestTree.of(object);
    SumOpening opening =
        new SumOpening(
            layout,
            RoundContext.parse("sha512:" + c.string("context")),
            c.integer("cohort"),
            c.integer("threshold"),
            VectorKind.EXACT,
            KERNEL);
    SortedMap<Integer, ShareVector> answers = new TreeMap<>();
    for (int position = 1; position <= 3; position++) {
      answers.put(position, answer(c.object("answers").base64("" + position)));
    }
    SumResult.Opened honest = (SumResult.Opened) opening.open(BulkSource.of(object), root, answers);
    assertThat(honest.values()).isEqualTo(c.object("honest").longs("opened"));
    assertThat(honest.key().digest().hex()).isEqualTo(c.object("honest").string("keySha256"));

    answers.put(3, answer(c.base64("forgedAnswer3")));
    VectorCase forged = c.object("forged");
    short[] key = new Interpolation(1, 2, 3).at(0, List.copyOf(answers.values()));
    assertThat(sha256(key)).isEqualTo(forged.string("keySha256"));
    long[] alone = new long[6];
    Optional<Misfit> dataBlocks =
        opening.readUnder(
            BulkSource.of(object),
            root,
            key,
            (from, values, count) -> System.arraycopy(values, 0, alone, 0, count));
    assertThat(dataBlocks).as("without a check block the forgery would stand").isEmpty();
    assertThat(alone).isEqualTo(forged.longs("dataBlockAlone"));

    assertThat(opening.judge(BulkSource.of(object), new int[] {1, 2, 3}, answers).words())
        .isEqualTo(forged.string("refused"));
    assertThat(opening.open(BulkSource.of(object), root, answers))
        .isInstanceOf(SumResult.Spoiled.class);
  }

  @Test
  void aNoisedSumThatLeavesItsSlotOverflowsAndAnExactOneIsSpoiled() throws Exception {
    Layout layout = new Layout(ParameterSet.TEST_256_150, 4, 8, 3);
    // 3 * 127 fits a slot's bound of 3 * 128; 3 * 140 does not, though it fits the slot's bits.
    Made fits = made(layout, 3, 2, new int[] {1, 2}, i -> new long[] {127, -127, 0, i});
    assertThat(((SumResult.Opened) fits.open(VectorKind.NOISED)).values())
        .isEqualTo(new long[] {381, -381, 0, 3});
    Made wide = made(layout, 3, 2, new int[] {1, 2}, i -> new long[] {140, 0, 0, 0});
    SumResult.Overflowed overflowed = (SumResult.Overflowed) wide.open(VectorKind.NOISED);
    assertThat(overflowed.misfit().check()).isEqualTo(Misfit.Check.SLOT_BOUND);
    assertThat(overflowed.key().positions()).containsExactly(1, 2);
    SumResult.Spoiled spoiled = (SumResult.Spoiled) wide.open(VectorKind.EXACT);
    assertThat(spoiled.key()).isPresent();
    assertThat(spoiled.reason()).contains("slot bound");
  }

  @Test
  void aValueInAnUnusedSlotOrAboveTheTopIsNeverRead() throws Exception {
    // One value wide enough to reach into the second slot of its coefficient, which is unused.
    Layout layout = new Layout(ParameterSet.TEST_256_150, 1, 8, 2);
    Made reaching = made(layout, 2, 1, new int[] {1}, i -> new long[] {1L << 20});
    assertThat(((SumResult.Overflowed) reaching.open(VectorKind.NOISED)).misfit().check())
        .isEqualTo(Misfit.Check.UNUSED_SLOT);
    Layout full = new Layout(ParameterSet.TEST_256_150, 256L * layout.slots(), 8, 2);
    Made above =
        made(
            full,
            2,
            1,
            new int[] {1},
            i -> {
              long[] values = new long[(int) full.values()];
              values[values.length - 1] = 1L << 12;
              return values;
            });
    assertThat(((SumResult.Overflowed) above.open(VectorKind.NOISED)).misfit().check())
        .isEqualTo(Misfit.Check.TOP_SLOT);
  }

  @Test
  void anyThresholdOfAnyHoldersOpensToTheSameSum() throws Exception {
    long seed = Long.getLong("concordat.seed", System.nanoTime());
    System.out.println("opening: -Dconcordat.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 12; trial++) {
      int holders = 1 + random.nextInt(8);
      int threshold = 1 + random.nextInt(holders);
      int[] positions = random.ints(1, 33).distinct().limit(holders).sorted().toArray();
      int cohort = 2 + random.nextInt(6);
      ParameterSet set =
          random.nextBoolean() ? ParameterSet.TEST_256_150 : ParameterSet.TEST_256_94;
      Layout layout = new Layout(set, 1 + random.nextInt(2000), 2 + random.nextInt(30), 8);
      long[] sum = new long[(int) layout.values()];
      Made made =
          made(
              layout,
              cohort,
              threshold,
              positions,
              i -> {
                long[] values = new long[sum.length];
                for (int v = 0; v < values.length; v++) {
                  values[v] = random.nextLong(-layout.maxValue(), layout.maxValue() + 1);
                  sum[v] += values[v];
                }
                return values;
              });
      assertThat(((SumResult.Opened) made.open(VectorKind.EXACT)).values())
          .as("seed %d, trial %d", seed, trial)
          .isEqualTo(sum);
      while (made.answers.size() > threshold) {
        made.answers.remove(
            new ArrayList<>(made.answers.keySet()).get(random.nextInt(made.answers.size())));
      }
      assertThat(((SumResult.Opened) made.open(VectorKind.EXACT)).values())
          .as("seed %d, trial %d", seed, trial)
          .isEqualTo(sum);
    }
  }

  @Test
  void refusesFewerAnswersThanTheThreshold() throws Exception {
    Made made =
        made(
            new Layout(ParameterSet.TEST_256_150, 1, 8, 2),
            2,
            2,
            new int[] {1, 5},
            i -> new long[1]);
    made.answers.remove(5);
    assertThatThrownBy(() -> made.open(VectorKind.EXACT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("t = 2");
  }

  @Test
  void refusesASumThatIsNotTheManifests() throws Exception {
    Made made =
        made(new Layout(ParameterSet.TEST_256_150, 9, 8, 2), 2, 1, new int[] {1}, i -> new long[9]);
    made.sum[BulkHead.BYTES] ^= 1;
    assertThatThrownBy(() -> made.open(VectorKind.EXACT))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("manifest");
  }

  @Test
  void thePassThatOpensTakesTheFingerprintOfTheSumWhetherItOpensOrNot() throws Exception {
    Layout layout = new Layout(ParameterSet.TEST_256_150, 3000, 8, 2);
    Made made = made(layout, 2, 2, new int[] {1, 2}, i -> new long[3000]);
    Digest manifest = Digests.sha256("manifest");
    Fingerprint expected =
        Fingerprint.take(
                new ByteArrayInputStream(made.sum),
                BulkHead.Kind.SUMMED_CIPHERTEXT,
                layout,
                manifest,
                KERNEL)
            .fingerprint();
    SumOpening opening = new SumOpening(layout, CONTEXT, 2, 2, VectorKind.EXACT, KERNEL);
    BulkSource source = BulkSource.of(made.sum);
    SumOpening.Printed opened = opening.openPrinted(source, made.root, made.answers, manifest);
    assertThat(opened.result()).isInstanceOf(SumResult.Opened.class);
    assertThat(opened.fingerprint()).isEqualTo(expected);

    made.answers.computeIfPresent(1, (position, answer) -> ShareVector.zero(answer.size()));
    SumOpening.Printed closed = opening.openPrinted(source, made.root, made.answers, manifest);
    assertThat(closed.result()).isInstanceOf(SumResult.Spoiled.class);
    assertThat(closed.fingerprint()).isEqualTo(expected);

    made.sum[BulkHead.BYTES] ^= 1;
    assertThatThrownBy(() -> opening.openPrinted(source, made.root, made.answers, manifest))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("manifest");
  }

  @Test
  void givesUpAfterTenThousandSubsets() throws Exception {
    int[] positions = new int[20];
    Arrays.setAll(positions, i -> i + 1);
    Made made =
        made(new Layout(ParameterSet.TEST_256_94, 1, 8, 2), 2, 10, positions, i -> new long[1]);
    // Twelve liars of twenty: 184,756 subsets, none of which holds ten honest answers.
    for (int j = 1; j <= 12; j++) {
      made.answers.computeIfPresent(
          j,
          (position, answer) -> {
            ShareVector zero = ShareVector.zero(answer.size());
            zero.add(answer);
            zero.add(answer);
            return zero;
          });
    }
    assertThat(made.open(VectorKind.NOISED)).isInstanceOf(SumResult.Spoiled.class);
  }

  @Test
  void aMillionValuesOpenIntoASinkBlockByBlock(@TempDir Path folder) throws Exception {
    Layout layout = new Layout(ParameterSet.RLWE_16384_300, 1_000_000, 16, 16);
    int cohort = 3;
    SortedMap<Integer, ShareVector> answers = new TreeMap<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BulkDigest sum;
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, KERNEL, SumStore.inFile(folder.resolve("sum"), layout))) {
      for (int i = 0; i < cohort; i++) {
        int silo = i;
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        BulkDigest sealed =
            new ContributionEncryptor(layout, CONTEXT, KERNEL)
                .seal(
                    seed(i),
                    generated(layout.values(), silo),
                    2,
                    new int[] {1, 2, 3},
                    (position, share, box) -> collect(answers, position, share),
                    object);
        accumulator.add(new ByteArrayInputStream(object.toByteArray()), sealed.root());
      }
      sum = accumulator.writeTo(out);
    }
    long[] next = {0};
    SumResult result =
        new SumOpening(layout, CONTEXT, cohort, 2, VectorKind.EXACT, KERNEL)
            .open(
                BulkSource.of(out.toByteArray()),
                sum.root(),
                answers,
                (from, values, count) -> {
                  assertThat(from).isEqualTo(next[0]);
                  for (int v = 0; v < count; v++) {
                    long expected = 0;
                    for (int i = 0; i < cohort; i++) {
                      expected += generatedValue(from + v, i);
                    }
                    if (values[v] != expected) {
                      throw new IOException("value " + (from + v) + " is wrong");
                    }
                  }
                  next[0] += count;
                });
    assertThat(result).isInstanceOf(SumResult.Delivered.class);
    assertThat(next[0]).isEqualTo(layout.values());
  }

  private static IntegerVector generated(long size, int silo) {
    return new IntegerVector() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public void copy(long from, long[] into, int at, int count) {
        for (int i = 0; i < count; i++) {
          into[at + i] = generatedValue(from + i, silo);
        }
      }
    };
  }

  private static long generatedValue(long index, int silo) {
    return (index * 7919 + silo * 104729L) % 65535 - 32767;
  }

  /** What silo i sends. */
  @FunctionalInterface
  private interface Sending {
    long[] values(int silo);
  }

  private static Made made(Layout layout, int cohort, int threshold, int[] holders, Sending sending)
      throws Exception {
    SortedMap<Integer, ShareVector> answers = new TreeMap<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, KERNEL, SumStore.inMemory(layout))) {
      for (int i = 0; i < cohort; i++) {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        BulkDigest sealed =
            new ContributionEncryptor(layout, CONTEXT, KERNEL)
                .seal(
                    seed(i),
                    IntegerVector.of(sending.values(i)),
                    threshold,
                    holders,
                    (position, share, box) -> collect(answers, position, share),
                    object);
        accumulator.add(new ByteArrayInputStream(object.toByteArray()), sealed.root());
      }
      BulkDigest sum = accumulator.writeTo(out);
      return new Made(layout, cohort, threshold, answers, out.toByteArray(), sum.root());
    }
  }

  private static void collect(SortedMap<Integer, ShareVector> answers, int position, byte[] share)
      throws IOException {
    try {
      ShareVector read = ShareVector.decode(share, share.length / 2);
      answers.computeIfAbsent(position, p -> ShareVector.zero(read.size())).add(read);
    } catch (DecodeException e) {
      throw new IOException(e);
    }
  }

  private static byte[] seed(int silo) {
    byte[] seed = new byte[64];
    seed[0] = (byte) silo;
    return seed;
  }

  private static ShareVector answer(byte[] words) throws DecodeException {
    return ShareVector.decode(words, words.length / 2);
  }

  private static String sha256(short[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(values);
    return Digests.sha256(bytes.array()).hex();
  }

  /** A sum that stands ready to be opened. */
  private record Made(
      Layout layout,
      int cohort,
      int threshold,
      SortedMap<Integer, ShareVector> answers,
      byte[] sum,
      Digest root) {
    SumResult open(VectorKind kind) throws Exception {
      return new SumOpening(layout, CONTEXT, cohort, threshold, kind, KERNEL)
          .open(BulkSource.of(sum), root, answers);
    }
  }
}
