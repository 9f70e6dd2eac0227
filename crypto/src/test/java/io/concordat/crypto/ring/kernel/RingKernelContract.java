package io.concordat.crypto.ring.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What every kernel promises. A kernel's own test extends this class and hands itself in. Operands
 * lie at uneven indices between guards, so that a kernel that writes past its range is caught.
 */
public abstract class RingKernelContract extends RingStepsContract {
  private static final long SEED = Long.getLong("concordat.seed", System.nanoTime());
  private static final int PAD = 3;
  private static final long GUARD = 0x5aa5_5aa5_5aa5L;

  @Test
  public void transformsAreThoseOfTheVectors() throws Exception {
    for (VectorCase c : Vectors.under("ntt/")) {
      if (!c.has("root") || new Modulus(c.number("prime")).bits() > kernel().maxPrimeBits()) {
        continue;
      }
      int n = c.integer("ringDegree");
      NttTables tables = new NttTables(new Modulus(c.number("prime")), n);
      assertThat(tables.root()).isEqualTo(c.number("root"));
      long[] input = new long[n];
      Arrays.setAll(input, i -> n == 2 ? 1 : i);
      long[] found = forward(tables, input);
      if (c.has("output")) {
        assertThat(found).as(c.toString()).isEqualTo(c.longs("output"));
      }
      if (c.has("sha256")) {
        assertThat(sha256(found)).as(c.toString()).isEqualTo(c.string("sha256"));
      }
      assertThat(inverse(tables, found)).as(c.toString()).isEqualTo(input);
    }
  }

  @Test
  public void transformIsTheEvaluationAtOddPowersOfTheRoot() {
    SplittableRandom random = random();
    for (NttTables tables : smallTables()) {
      int n = tables.degree();
      Modulus p = tables.modulus();
      int bits = Integer.numberOfTrailingZeros(n);
      long[] f = residues(random, p, n);
      long[] found = forward(tables, f);
      for (int i = 0; i < n; i++) {
        long point = p.power(tables.root(), 2L * (Integer.reverse(i) >>> (32 - bits)) + 1);
        long value = 0;
        for (int k = n - 1; k >= 0; k--) {
          value = p.add(p.multiply(value, point), f[k]);
        }
        assertThat(found[i]).as("seed %d, n %d, i %d", SEED, n, i).isEqualTo(value);
      }
    }
  }

  @Test
  public void productsOfTransformsAreNegacyclicProducts() {
    SplittableRandom random = random();
    for (NttTables tables : smallTables()) {
      int n = tables.degree();
      Modulus p = tables.modulus();
      long[] f = residues(random, p, n);
      long[] g = residues(random, p, n);
      long[] product = forward(tables, f);
      long[] other = forward(tables, g);
      kernel().multiply(p, product, 0, other, 0, product, 0, n);
      assertThat(inverse(tables, product)).as("seed %d", SEED).isEqualTo(schoolbook(p, f, g));
    }
    VectorCase c = Vectors.named("ntt/product-n8");
    assertThat(schoolbook(new Modulus(c.number("prime")), c.longs("left"), c.longs("right")))
        .isEqualTo(c.longs("product"));
  }

  @Test
  public void agreesWithTheScalarKernelOnWholeTransformsAndExtremes() {
    SplittableRandom random = random();
    RingKernel scalar = new ScalarKernel();
    for (ParameterSet set : ParameterSet.all()) {
      for (int j = 0; j < set.primeCount(); j++) {
        NttTables tables = set.tables(j);
        for (long[] f : transformInputs(random, tables)) {
          long[] expected = f.clone();
          scalar.forward(tables, expected, 0);
          assertThat(forward(tables, f)).as("seed %d, %s", SEED, set).isEqualTo(expected);
          expected = f.clone();
          scalar.inverse(tables, expected, 0);
          assertThat(inverse(tables, f)).as("seed %d, %s", SEED, set).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  public void pointwiseOperationsAreExactAtEveryLengthAndAtExtremes() {
    SplittableRandom random = random();
    for (Modulus p : moduli()) {
      for (int n : new int[] {0, 1, 2, 3, 7, 8, 9, 15, 17, 64, 1000}) {
        long[] x = residues(random, p, n + PAD);
        long[] y = residues(random, p, n + PAD);
        long[] z = residues(random, p, n + PAD);
        long[] product = z.clone();
        kernel().multiply(p, x, 1, y, 2, product, PAD, n);
        long[] sum = z.clone();
        kernel().multiplyAdd(p, x, 1, y, 2, sum, PAD, n);
        long[] plain = z.clone();
        kernel().add(p, x, 1, plain, PAD, n);
        BigInteger inner = BigInteger.ZERO;
        for (int i = 0; i < n; i++) {
          BigInteger xy = big(x[1 + i]).multiply(big(y[2 + i]));
          inner = inner.add(xy);
          assertThat(product[PAD + i]).isEqualTo(p.fromInteger(xy));
          assertThat(sum[PAD + i]).isEqualTo(p.fromInteger(xy.add(big(z[PAD + i]))));
          assertThat(plain[PAD + i]).isEqualTo(p.fromInteger(big(x[1 + i]).add(big(z[PAD + i]))));
        }
        for (int i = 0; i < PAD; i++) {
          assertThat(new long[] {product[i], sum[i], plain[i]})
              .isEqualTo(new long[] {z[i], z[i], z[i]});
        }
        assertThat(kernel().innerProduct(p, x, 1, y, 2, n))
            .as("seed %d, p %s, n %d", SEED, p, n)
            .isEqualTo(p.fromInteger(inner));
      }
    }
  }

  @Test
  public void innerProductOfTheGreatestResiduesDoesNotOverflow() {
    for (Modulus p : moduli()) {
      long[] x = new long[16384];
      Arrays.fill(x, p.value() - 1);
      assertThat(kernel().innerProduct(p, x, 0, x, 0, x.length)).isEqualTo(p.fromSigned(x.length));
    }
  }

  @Test
  public void scaledPlaintextIsAddedExactlyUpToItsBound() {
    SplittableRandom random = random();
    long bound = 1L << 50;
    for (Modulus p : moduli()) {
      for (int n : new int[] {0, 1, 5, 8, 33, 515}) {
        long[] x = new long[n + PAD];
        Arrays.setAll(x, i -> random.nextLong(-bound, bound + 1));
        if (n > 4) {
          x[1] = bound;
          x[2] = -bound;
          x[3] = 0;
          x[4] = -1;
        }
        for (long factor : new long[] {0, 1, p.value() - 1, random.nextLong(p.value())}) {
          long[] sum = residues(random, p, n + PAD);
          long[] found = sum.clone();
          kernel().addScaled(p, x, 1, factor, found, PAD, n);
          for (int i = 0; i < PAD; i++) {
            assertThat(found[i]).isEqualTo(sum[i]);
          }
          for (int i = 0; i < n; i++) {
            BigInteger expected = big(x[1 + i]).multiply(big(factor)).add(big(sum[PAD + i]));
            assertThat(found[PAD + i])
                .as("seed %d, x %d", SEED, x[1 + i])
                .isEqualTo(p.fromInteger(expected));
          }
        }
      }
    }
  }

  @Test
  public void smallNumbersLiftToTheirResidues() {
    SplittableRandom random = random();
    for (Modulus p : moduli()) {
      for (int n : new int[] {0, 1, 7, 8, 31, 300}) {
        short[] x = new short[n + PAD];
        for (int i = 0; i < x.length; i++) {
          x[i] = (short) random.nextInt(-32760, 32761);
        }
        long[] sum = residues(random, p, n + PAD);
        long[] lifted = sum.clone();
        kernel().lift(p, x, 1, lifted, PAD, n);
        long[] added = sum.clone();
        kernel().addSmall(p, x, 1, added, PAD, n);
        for (int i = 0; i < n; i++) {
          assertThat(lifted[PAD + i]).isEqualTo(p.fromSigned(x[1 + i]));
          assertThat(added[PAD + i]).isEqualTo(p.add(sum[PAD + i], p.fromSigned(x[1 + i])));
        }
        assertThat(Arrays.copyOf(lifted, PAD)).isEqualTo(Arrays.copyOf(sum, PAD));
        assertThat(Arrays.copyOf(added, PAD)).isEqualTo(Arrays.copyOf(sum, PAD));
      }
    }
  }

  @Test
  public void wordsPackToTheGoldenBytesAndBack() {
    VectorCase c = Vectors.named("words/50-bit");
    long[] words = c.longs("words");
    byte[] golden = c.hex("bytes");
    byte[] packed = new byte[golden.length];
    kernel().packWords(words, 0, words.length, packed, 0);
    assertThat(packed).isEqualTo(golden);
  }

  @Test
  public void everyLengthOfWordsPacksAsOneBitString() {
    SplittableRandom random = random();
    Modulus p = moduli().get(0);
    for (int n = 0; n < 70; n++) {
      long[] words = residues(random, p, n + PAD);
      BigInteger bits = BigInteger.ZERO;
      for (int i = n - 1; i >= 0; i--) {
        bits = bits.shiftLeft(50).or(big(words[PAD + i]));
      }
      int length = (50 * n + 7) / 8;
      byte[] packed = new byte[length + 2 * PAD];
      Arrays.fill(packed, (byte) 0x5a);
      kernel().packWords(words, PAD, n, packed, PAD);
      for (int i = 0; i < packed.length; i++) {
        int expected =
            i < PAD || i >= PAD + length ? 0x5a : bits.shiftRight(8 * (i - PAD)).intValue() & 0xff;
        assertThat(packed[i] & 0xff).as("seed %d, n %d, byte %d", SEED, n, i).isEqualTo(expected);
      }
      long[] back = new long[n + 2 * PAD];
      Arrays.fill(back, GUARD);
      assertThat(kernel().unpackWords(p, packed, PAD, back, PAD, n)).isTrue();
      assertThat(Arrays.copyOfRange(back, PAD, PAD + n))
          .isEqualTo(Arrays.copyOfRange(words, PAD, PAD + n));
      for (int i = 0; i < PAD; i++) {
        assertThat(new long[] {back[i], back[PAD + n + i]}).isEqualTo(new long[] {GUARD, GUARD});
      }
    }
  }

  @Test
  public void reportsResiduesNotBelowThePrimeAndSetFillBitsWhereverTheyAre() {
    for (Modulus p : moduli()) {
      for (int n : new int[] {1, 2, 3, 5, 8, 23, 64}) {
        for (int bad = 0; bad < n; bad++) {
          long[] words = new long[n];
          Arrays.fill(words, p.value() - 1);
          byte[] packed = new byte[(50 * n + 7) / 8];
          kernel().packWords(words, 0, n, packed, 0);
          assertThat(kernel().unpackWords(p, packed, 0, words, 0, n)).isTrue();
          words[bad] = p.value();
          kernel().packWords(words, 0, n, packed, 0);
          assertThat(kernel().unpackWords(p, packed, 0, words, 0, n)).isFalse();
        }
        long[] zeros = new long[n];
        byte[] filled = new byte[(50 * n + 7) / 8];
        if (50 * n % 8 != 0) {
          filled[filled.length - 1] = (byte) 0x80;
          assertThat(kernel().unpackWords(p, filled, 0, zeros, 0, n)).isFalse();
        }
      }
    }
  }

  @Test
  public void refusesRangesOutsideTheArrays() {
    Modulus p = moduli().get(0);
    NttTables tables = ParameterSet.TEST_256_150.tables(0);
    long[] eight = new long[8];
    short[] small = new short[8];
    byte[] bytes = new byte[50];
    refused(() -> kernel().forward(tables, new long[256], 1));
    refused(() -> kernel().forward(tables, new long[255], 0));
    refused(() -> kernel().inverse(tables, new long[256], -1));
    refused(() -> kernel().multiply(p, eight, 1, eight, 0, eight, 0, 8));
    refused(() -> kernel().multiply(p, eight, 0, eight, 0, eight, 0, -1));
    refused(() -> kernel().multiplyAdd(p, eight, 0, eight, 0, eight, 1, 8));
    refused(() -> kernel().add(p, eight, 0, eight, Integer.MAX_VALUE, 8));
    refused(() -> kernel().addScaled(p, eight, 0, 1, eight, 1, 8));
    refused(() -> kernel().lift(p, small, 1, eight, 0, 8));
    refused(() -> kernel().addSmall(p, small, 0, eight, 1, 8));
    refused(() -> kernel().innerProduct(p, eight, 0, eight, 4, 8));
    refused(() -> kernel().packWords(eight, 0, 8, bytes, 1));
    refused(() -> kernel().packWords(eight, 1, 8, bytes, 0));
    refused(() -> kernel().unpackWords(p, bytes, 1, eight, 0, 8));
    refused(() -> kernel().unpackWords(p, bytes, 0, eight, 1, 8));
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private long[] forward(NttTables tables, long[] input) {
    long[] padded = padded(input);
    kernel().forward(tables, padded, PAD);
    return unpadded(padded, input.length);
  }

  private long[] inverse(NttTables tables, long[] input) {
    long[] padded = padded(input);
    kernel().inverse(tables, padded, PAD);
    return unpadded(padded, input.length);
  }

  private static long[] padded(long[] input) {
    long[] padded = new long[input.length + 2 * PAD];
    Arrays.fill(padded, GUARD);
    System.arraycopy(input, 0, padded, PAD, input.length);
    return padded;
  }

  private static long[] unpadded(long[] padded, int n) {
    for (int i = 0; i < PAD; i++) {
      assertThat(padded[i]).isEqualTo(GUARD);
      assertThat(padded[PAD + n + i]).isEqualTo(GUARD);
    }
    return Arrays.copyOfRange(padded, PAD, PAD + n);
  }

  private static List<long[]> transformInputs(SplittableRandom random, NttTables tables) {
    long greatest = tables.modulus().value() - 1;
    long[] alternating = new long[tables.degree()];
    long[] top = new long[tables.degree()];
    Arrays.fill(top, greatest);
    Arrays.setAll(alternating, i -> (i & 1) == 0 ? 0 : greatest);
    return List.of(
        new long[tables.degree()],
        top,
        alternating,
        residues(random, tables.modulus(), tables.degree()));
  }

  private List<NttTables> smallTables() {
    List<NttTables> tables = new ArrayList<>();
    for (int n = 2; n <= 128; n *= 2) {
      tables.add(new NttTables(ParameterSet.RLWE_16384_300.primes().get(5), n));
    }
    tables.add(ParameterSet.TEST_256_150.tables(0));
    tables.add(ParameterSet.TEST_256_94.tables(1));
    return tables;
  }

  private List<Modulus> moduli() {
    List<Modulus> moduli = new ArrayList<>();
    ParameterSet.all().forEach(set -> moduli.addAll(set.primes()));
    return moduli;
  }

  /** Random residues with the extremes among them. */
  private static long[] residues(SplittableRandom random, Modulus p, int n) {
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      out[i] =
          switch (random.nextInt(16)) {
            case 0 -> 0;
            case 1 -> p.value() - 1;
            default -> random.nextLong(p.value());
          };
    }
    return out;
  }

  private static long[] schoolbook(Modulus p, long[] f, long[] g) {
    int n = f.length;
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        long product = p.multiply(f[i], g[k]);
        int at = i + k;
        out[at % n] = at < n ? p.add(out[at % n], product) : p.subtract(out[at % n], product);
      }
    }
    return out;
  }

  private static SplittableRandom random() {
    System.out.println("kernel contract: -Dconcordat.seed=" + SEED);
    return new SplittableRandom(SEED);
  }

  private static BigInteger big(long x) {
    return BigInteger.valueOf(x);
  }

  private static String sha256(long[] values) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
  }
}
