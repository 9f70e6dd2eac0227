package io.concordat.crypto.ring.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.rlwe.ParameterSet;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The two halves of a ciphertext's run, which a kernel may take in one go each: the same bits as
 * the single steps one after another, for every set, and for every number of coefficients about the
 * places where a kernel may stop early.
 */
public abstract class RingRunsContract {
  private static final long SEED = Long.getLong("concordat.seed", System.nanoTime());
  private static final int PAD = 3;

  /** The kernel under test. */
  protected abstract RingKernel kernel();

  @Test
  public void expandedProductsAreThoseOfTheSingleSteps() {
    SplittableRandom random = random();
    for (ParameterSet set : ParameterSet.all()) {
      for (int j : new int[] {0, set.primeCount() - 1}) {
        compareProducts(set.tables(j), random);
      }
    }
    // Degrees below what a kernel's registers and parts ask for.
    Modulus p = ParameterSet.TEST_256_150.primes().get(0);
    for (int n = 2; n <= 128; n *= 2) {
      compareProducts(new NttTables(p, n), random);
    }
  }

  private void compareProducts(NttTables tables, SplittableRandom random) {
    Modulus p = tables.modulus();
    int n = tables.degree();
    byte[] streamKey = new byte[32];
    random.nextBytes(streamKey);
    byte[] iv = new byte[16];
    iv[3] = 7;
    iv[5] = 1;
    long[] key = random.longs(n, 0, p.value()).toArray();
    key[0] = p.value() - 1;
    long[] expected = new long[n + 2 * PAD];
    ScalarKernel scalar = new ScalarKernel();
    PlainLoops.uniform(streamKey, iv, p, expected, PAD, n);
    scalar.multiply(p, expected, PAD, key, 0, expected, PAD, n);
    scalar.inverse(tables, expected, PAD);
    int[] wanted = {1, n / 8 - 1, n / 8, n / 8 + 1, n / 2, n / 2 + 1, n - 1, n};
    for (int rows : wanted) {
      if (rows >= 1) {
        long[] found = new long[n + 2 * PAD];
        kernel().expandedProduct(tables, streamKey, iv, key, found, PAD, rows);
        assertThat(Arrays.copyOfRange(found, PAD, PAD + rows))
            .as("seed %d, p %s, N %d, %d rows", SEED, p, n, rows)
            .isEqualTo(Arrays.copyOfRange(expected, PAD, PAD + rows));
        assertThat(Arrays.copyOf(found, PAD)).containsOnly(0);
        assertThat(Arrays.copyOfRange(found, PAD + n, found.length)).containsOnly(0);
      }
    }
  }

  @Test
  public void finishedRunsAreThoseOfTheSingleStepsAndEndWhereTheyShould() {
    SplittableRandom random = random();
    long bound = 1L << 50;
    for (ParameterSet set : ParameterSet.all()) {
      Modulus p = set.primes().get(set.primeCount() - 1);
      for (int terms : new int[] {0, 1, 7, 8, 9, 12}) {
        for (int rows : new int[] {1, 2, 7, 8, 9, 16, 31, 100, 257}) {
          int stride = rows + 1;
          short[] errors = new short[rows];
          long[] values = new long[rows + PAD];
          long[] chunks = new long[terms * stride];
          long[] factors = random.longs(terms, 0, p.value()).toArray();
          for (int i = 0; i < rows; i++) {
            errors[i] = (short) (random.nextInt(127) - 63);
            values[PAD + i] = random.nextInt(4) == 0 ? p.value() - 1 : random.nextLong(p.value());
          }
          Arrays.setAll(
              chunks, i -> random.nextInt(4) == 0 ? -bound : random.nextLong(-bound, bound + 1));
          byte[] expected = new byte[(50 * rows + 7) / 8 + 2 * PAD];
          Arrays.fill(expected, (byte) 0x5a);
          byte[] found = expected.clone();
          long[] sum = values.clone();
          ScalarKernel scalar = new ScalarKernel();
          scalar.addSmall(p, errors, 0, sum, PAD, rows);
          scalar.addScaledTerms(p, chunks, 0, stride, factors, sum, PAD, rows);
          scalar.packWords(sum, PAD, rows, expected, PAD);
          kernel().finishRun(p, errors, chunks, stride, factors, values, PAD, rows, found, PAD);
          assertThat(found)
              .as("seed %d, p %s, %d terms, %d rows", SEED, p, terms, rows)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  public void runsRefuseRangesOutsideTheArraysBeforeTheyWrite() {
    NttTables tables = ParameterSet.TEST_256_150.tables(0);
    Modulus p = tables.modulus();
    byte[] key = new byte[32];
    byte[] iv = new byte[16];
    long[] words = new long[256];
    outside(() -> kernel().expandedProduct(tables, key, iv, words, new long[256], 1, 256));
    outside(() -> kernel().expandedProduct(tables, key, iv, new long[255], words, 0, 256));
    outside(() -> kernel().expandedProduct(tables, key, iv, words, new long[256], 0, 257));
    outside(() -> kernel().expandedProduct(tables, key, iv, words, new long[256], 0, 0));
    outside(() -> kernel().expandedProduct(tables, key, iv, words, new long[256], -1, 8));
    short[] errors = new short[8];
    long[] eight = new long[8];
    byte[] bytes = new byte[50];
    long[] one = {1};
    outside(() -> kernel().finishRun(p, errors, eight, 8, one, eight, 0, 9, new byte[99], 0));
    outside(() -> kernel().finishRun(p, errors, eight, 8, one, eight, 1, 8, bytes, 0));
    outside(() -> kernel().finishRun(p, errors, eight, 8, one, eight, 0, 8, bytes, 1));
    outside(() -> kernel().finishRun(p, errors, eight, 8, new long[2], eight, 0, 8, bytes, 0));
    outside(() -> kernel().finishRun(p, errors, eight, -1, one, eight, 0, 8, new byte[10], 0));
    outside(() -> kernel().finishRun(p, new short[7], eight, 8, one, eight, 0, 8, bytes, 0));
    assertThat(words).containsOnly(0);
    assertThat(eight).containsOnly(0);
  }

  private static void outside(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static SplittableRandom random() {
    System.out.println("kernel runs: -Dconcordat.seed=" + SEED);
    return new SplittableRandom(SEED);
  }
}
