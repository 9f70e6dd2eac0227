package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ContributionTest {
  private static final RingKernel KERNEL = RingKernels.best();
  private static final ShareReceiver NOBODY = (position, share, box) -> {};

  @Test
  void aWholeContributionFromOneSeedIsTheVectors() throws Exception {
    VectorCase expected = Vectors.named("seed/contribution");
    VectorRound round = new VectorRound("256-150", KERNEL);
    byte[] seed = Vectors.named("seed/seal").hex("seed");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<byte[]> kept = new ArrayList<>();
    BulkDigest sealed =
        new ContributionEncryptor(round.layout, round.context, KERNEL)
            .seal(
                seed,
                IntegerVector.of(round.values(0)),
                3,
                new int[] {1, 2, 3, 4},
                (position, share, box) -> {
                  assertThat(Digests.sha256(share).hex())
                      .isEqualTo(expected.object("shareSha256").string("" + position));
                  assertThat(box.read(64))
                      .isEqualTo(LabelledStream.ofPosition(seed, "box", position).read(64));
                  kept.add(share);
                },
                out);
    byte[] object = out.toByteArray();
    assertThat(Digests.sha256(VectorRound.body(object)).hex())
        .isEqualTo(expected.string("wireSha256"));
    assertThat(sealed.objectBytes()).isEqualTo(object.length);
    assertThat(kept).hasSize(4).allSatisfy(share -> assertThat(share).containsOnly(0));

    short[] key = new short[256];
    ContributionSecrets.fromSeed(seed).key(key);
    long[] wide = new long[256];
    Arrays.setAll(wide, i -> key[i]);
    assertThat(wide).isEqualTo(expected.longs("key"));
  }

  /** c = a k + e + scale m by schoolbook products on polynomials taken back from their values. */
  @Test
  void ciphertextsAreSchoolbookCiphertexts() throws Exception {
    VectorRound round = new VectorRound("256-94", KERNEL);
    ParameterSet set = round.layout.set();
    int n = set.ringDegree();
    short[] key = new short[n];
    round.secrets(2).key(key);
    new CiphertextReader(round.layout, KERNEL)
        .readAll(
            new ByteArrayInputStream(round.contributions.get(2)),
            BulkHead.Kind.CIPHERTEXT,
            (block, j, residues, rows) -> {
              Modulus p = set.primes().get(j);
              long[] a = new long[n];
              UniformWords.ofRound(round.context).polynomial(block, j, p, a, 0, n);
              new ScalarKernel().inverse(set.tables(j), a, 0);
              short[] error = new short[rows];
              round.secrets(2).errors().draw(block, error, rows);
              long[] expected = scaledPlaintext(round, block, j, rows);
              for (int c = 0; c < rows; c++) {
                long sum = p.add(expected[c], p.fromSigned(error[c]));
                for (int i = 0; i < n; i++) {
                  long product = p.multiply(a[i], p.fromSigned(key[Math.floorMod(c - i, n)]));
                  sum = i <= c ? p.add(sum, product) : p.subtract(sum, product);
                }
                assertThat(residues[c]).isEqualTo(sum);
              }
            });
  }

  private static long[] scaledPlaintext(VectorRound round, int block, int prime, int rows) {
    long[] out = new long[rows];
    if (block == Layout.CHECK_BLOCK) {
      return out;
    }
    Modulus p = round.layout.set().primes().get(prime);
    long[] values = round.values(2);
    int from = (int) (block * round.layout.valuesOfFullBlock());
    for (int v = 0; v < round.layout.valuesIn(block); v++) {
      long weight =
          p.power(2, round.layout.logScale() + (long) round.layout.slotWidth() * (v / rows));
      out[v % rows] = p.add(out[v % rows], p.multiply(weight, p.fromSigned(values[from + v])));
    }
    return out;
  }

  @Test
  void everyKernelSealsTheSameBytes() throws Exception {
    Layout layout = new Layout(ParameterSet.RLWE_16384_300, 1000, 16, 16);
    byte[] scalar = seal(layout, new ScalarKernel());
    for (RingKernels.Offer offer : RingKernels.offers()) {
      if (offer.kernel() != null) {
        assertThat(seal(layout, offer.kernel())).as(offer.name()).isEqualTo(scalar);
      }
    }
  }

  private static byte[] seal(Layout layout, RingKernel kernel) throws IOException {
    long[] values = new long[(int) layout.values()];
    Arrays.setAll(values, i -> i - 500);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ContributionEncryptor(layout, RoundContext.of(new byte[1]), kernel)
        .seal(new byte[64], IntegerVector.of(values), 1, new int[] {1}, NOBODY, out);
    return out.toByteArray();
  }

  /**
   * Buffers are kept from seal to seal, and a further block costs no array: what is left are the
   * chunks' digests and, with kernels in Java, the platform's cipher objects. A polynomial's buffer
   * would be 131,072 bytes.
   */
  @Test
  void aFurtherBlockOfAWarmSealAllocatesNoBuffer() throws Exception {
    Layout few = new Layout(ParameterSet.RLWE_16384_300, 1_000_000, 16, 16);
    Layout many = new Layout(ParameterSet.RLWE_16384_300, 6_000_000, 16, 16);
    assertThat(many.blocks() - few.blocks()).isEqualTo(22);
    for (int warm = 0; warm < 2; warm++) {
      allocated(few);
    }
    long little = allocated(few);
    allocated(many);
    long much = allocated(many);
    assertThat(little).isLessThan(1_600_000);
    assertThat((much - little) / 22).isLessThan(65_536);
  }

  @Test
  void sealsTheSameBytesOnSeveralThreads() throws IOException {
    Layout layout = new Layout(ParameterSet.TEST_256_150, 20_000, 16, 16);
    assertThat(layout.blocks()).isGreaterThan(8);
    IntegerVector values =
        IntegerVector.of(LongStream.range(0, layout.values()).map(i -> i - 9_000).toArray());
    ContributionEncryptor alone =
        new ContributionEncryptor(layout, RoundContext.of(new byte[1]), KERNEL);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    alone.seal(new byte[64], values, 1, new int[] {1}, NOBODY, expected);
    for (int lanes : new int[] {2, 3, 50}) {
      ByteArrayOutputStream found = new ByteArrayOutputStream();
      alone
          .with(ForkJoinPool.commonPool(), lanes)
          .seal(new byte[64], values, 1, new int[] {1}, NOBODY, found);
      assertThat(found.toByteArray()).as("%d lanes", lanes).isEqualTo(expected.toByteArray());
    }
  }

  @Test
  void aFullDiskEndsASealOnSeveralThreadsAndTheNextOneIsAsItShouldBe() throws IOException {
    Layout layout = new Layout(ParameterSet.TEST_256_150, 20_000, 16, 16);
    IntegerVector values = IntegerVector.of(new long[20_000]);
    ContributionEncryptor encryptor =
        new ContributionEncryptor(layout, RoundContext.of(new byte[1]), KERNEL)
            .with(ForkJoinPool.commonPool(), 4);
    OutputStream full =
        new OutputStream() {
          private int left = 30_000;

          @Override
          public void write(int b) throws IOException {
            if (left-- == 0) {
              throw new IOException("no room");
            }
          }
        };
    assertThatThrownBy(() -> encryptor.seal(new byte[64], values, 1, new int[] {1}, NOBODY, full))
        .isInstanceOf(IOException.class)
        .hasMessage("no room");
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    encryptor.seal(new byte[64], values, 1, new int[] {1}, NOBODY, found);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    new ContributionEncryptor(layout, RoundContext.of(new byte[1]), new ScalarKernel())
        .seal(new byte[64], values, 1, new int[] {1}, NOBODY, expected);
    assertThat(found.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @Test
  void theVectorsDigestIsThatOfItsWords() {
    long[] values = new long[5000];
    java.nio.ByteBuffer words =
        java.nio.ByteBuffer.allocate(8 * values.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0x9e3779b97f4a7c15L;
      words.putLong(values[i]);
    }
    Digest expected = Digests.sha256(words.array());
    assertThat(IntegerVector.of(values).digest()).isEqualTo(expected);
    assertThat(IntegerVector.of(values).slice(0, 5000).digest()).isEqualTo(expected);
    assertThat(IntegerVector.of().digest()).isEqualTo(Digests.sha256(new byte[0]));
  }

  private static long allocated(Layout layout) throws IOException {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    IntegerVector vector =
        new IntegerVector() {
          @Override
          public long size() {
            return layout.values();
          }

          @Override
          public void copy(long from, long[] into, int at, int count) {
            for (int i = 0; i < count; i++) {
              into[at + i] = (from + i) % 30_000;
            }
          }
        };
    long before = threads.getCurrentThreadAllocatedBytes();
    new ContributionEncryptor(layout, RoundContext.of(new byte[1]), KERNEL)
        .seal(new byte[64], vector, 1, new int[] {1}, NOBODY, OutputStream.nullOutputStream());
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void refusesVectorsThresholdsAndHoldersThatDoNotFit() {
    Layout layout = new Layout(ParameterSet.TEST_256_150, 3, 16, 16);
    refused(layout, new long[] {1, 2}, 1, new int[] {1}, "3 values");
    refused(layout, new long[] {1, 2, (1L << 62) + 1}, 1, new int[] {1}, "2^62");
    refused(layout, new long[] {1, 2, Long.MIN_VALUE}, 1, new int[] {1}, "2^62");
    refused(layout, new long[3], 2, new int[] {1}, "at least t = 2");
    refused(layout, new long[3], 1, new int[] {2, 1}, "ascend");
    refused(layout, new long[3], 1, new int[] {1, 1}, "ascend");
    refused(layout, new long[3], 1, new int[] {0, 1}, "ascend");
    refused(layout, new long[3], 1, new int[] {33}, "ascend");
  }

  private static void refused(
      Layout layout, long[] values, int threshold, int[] holders, String words) {
    assertThatThrownBy(() ->
            new ContributionEncryptor(layout, RoundContext.of(new byte[1]), KERNEL)
                .seal(
                    new byte[64],
                    IntegerVector.of(values),
                    threshold,
                    holders,
                    NOBODY,
                    OutputStream.nullOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @Test
  void wipesTheShareEvenWhenItsReceiverFails() {
    Layout layout = new Layout(ParameterSet.TEST_256_150, 1, 16, 16);
    List<byte[]> seen = new ArrayList<>();
    assertThatThrownBy(() ->
            new ContributionEncryptor(layout, RoundContext.of(new byte[1]), KERNEL)
                .seal(
                    new byte[64],
                    IntegerVector.of(5),
                    1,
                    new int[] {1},
                    (position, share, box) -> {
                      seen.add(share);
                      throw new IOException("no room");
                    },
                    OutputStream.nullOutputStream()))
        .isInstanceOf(IOException.class);
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).containsOnly(0);
  }
}
