package io.concordat.crypto.ring.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.rlwe.ParameterSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The longer steps of a kernel, which it may leave to plain Java: what it makes itself must be the
 * same bits, at uneven places, at every length about its registers' and batches' widths.
 */
public abstract class RingStepsContract extends RingRunsContract {
  private static final long SEED = Long.getLong("concordat.seed", System.nanoTime());
  private static final int[] LENGTHS = {
    1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 255, 257, 512, 1088, 4097
  };
  private static final int PAD = 3;

  @Test
  public void drawsAreThoseOfTheDefinitionWhateverTheirNumber() {
    SplittableRandom random = random();
    for (int n : LENGTHS) {
      byte[] key = new byte[32];
      random.nextBytes(key);
      short[] expected = new short[n + 2 * PAD];
      Arrays.fill(expected, (short) 0x5a5a);
      short[] found = expected.clone();
      PlainLoops.gaussian(key, expected, PAD, n);
      kernel().gaussian(key, found, PAD, n);
      assertThat(found).as("seed %d, %d draws", SEED, n).isEqualTo(expected);
    }
  }

  @Test
  public void manyDrawsReachBothTailsAlike() {
    byte[] key = new byte[32];
    random().nextBytes(key);
    short[] expected = new short[200_000];
    short[] found = new short[expected.length];
    PlainLoops.gaussian(key, expected, 0, expected.length);
    kernel().gaussian(key, found, 0, found.length);
    assertThat(found).as("seed %d", SEED).isEqualTo(expected);
  }

  @Test
  public void uniformWordsAreThoseOfTheDefinitionWhereMostAreSkippedToo() {
    SplittableRandom random = random();
    for (Modulus p : moduli()) {
      for (int n : LENGTHS) {
        byte[] key = new byte[32];
        byte[] iv = new byte[16];
        random.nextBytes(key);
        for (int i = 0; i < 8; i++) {
          iv[i] = (byte) random.nextInt();
        }
        long[] expected = new long[n + 2 * PAD];
        Arrays.fill(expected, 0x5a5a);
        long[] found = expected.clone();
        PlainLoops.uniform(key, iv, p, expected, PAD, n);
        kernel().uniform(key, iv, p, found, PAD, n);
        assertThat(found).as("seed %d, p %s, %d words", SEED, p, n).isEqualTo(expected);
      }
    }
  }

  @Test
  public void scaledTermsAddUpExactlyUpToTheirBound() {
    SplittableRandom random = random();
    long bound = 1L << 50;
    for (Modulus p : moduli()) {
      for (int terms : new int[] {0, 1, 3, 8, 9, 17}) {
        for (int n : new int[] {0, 1, 8, 13, 100}) {
          int stride = n + 2;
          long[] x = new long[terms * stride + PAD];
          Arrays.setAll(
              x,
              i ->
                  switch (random.nextInt(4)) {
                    case 0 -> bound;
                    case 1 -> -bound;
                    default -> random.nextLong(-bound, bound + 1);
                  });
          long[] factors = new long[terms];
          Arrays.setAll(
              factors, j -> random.nextInt(4) == 0 ? p.value() - 1 : random.nextLong(p.value()));
          long[] sum = new long[n + 2 * PAD];
          Arrays.setAll(sum, i -> random.nextLong(p.value()));
          long[] found = sum.clone();
          kernel().addScaledTerms(p, x, 1, stride, factors, found, PAD, n);
          for (int i = 0; i < n; i++) {
            BigInteger expected = BigInteger.valueOf(sum[PAD + i]);
            for (int j = 0; j < terms; j++) {
              BigInteger term = BigInteger.valueOf(x[1 + j * stride + i]);
              expected = expected.add(term.multiply(BigInteger.valueOf(factors[j])));
            }
            sum[PAD + i] = p.fromInteger(expected);
          }
          assertThat(found).as("seed %d, p %s, %d terms", SEED, p, terms).isEqualTo(sum);
        }
      }
    }
  }

  @Test
  public void slotsLeaveBalancedDigitsAndCarriesAndTellOfValuesBeyondTheirBound() {
    SplittableRandom random = random();
    long most = 1L << 62;
    for (int n : new int[] {1, 8, 11, 200}) {
      for (int width = 2; width <= 62; width += 5) {
        long[] values = new long[n + PAD];
        Arrays.setAll(
            values, i -> random.nextInt(5) == 0 ? most : random.nextLong(-most, most + 1));
        values[0] = Long.MAX_VALUE;
        int[] where = {random.nextInt(n)};
        for (boolean within : new boolean[] {true, false}) {
          values[PAD + where[0]] = within ? -most : most + 1;
          long[] carry = new long[n];
          Arrays.setAll(carry, i -> random.nextLong(-5, 6));
          long[] chunks = new long[n + 2 * PAD];
          long[] carryFound = carry.clone();
          long[] chunksFound = chunks.clone();
          boolean expected =
              PlainLoops.takeSlot(values, PAD, carry, width, chunks, PAD, 62 - width, n);
          assertThat(
                  kernel()
                      .takeSlot(values, PAD, carryFound, width, chunksFound, PAD, 62 - width, n))
              .as("seed %d", SEED)
              .isEqualTo(expected)
              .isEqualTo(within);
          assertThat(carryFound).as("seed %d, width %d", SEED, width).isEqualTo(carry);
          assertThat(chunksFound).as("seed %d, width %d", SEED, width).isEqualTo(chunks);
        }
      }
    }
  }

  @Test
  public void packedRunsAddLikeTheirWordsAndRefuseWhatIsOutOfRange() {
    SplittableRandom random = random();
    for (Modulus p : moduli()) {
      for (int n : new int[] {1, 2, 3, 8, 9, 15, 16, 17, 24, 40, 41, 100, 1030}) {
        long[] x = new long[n];
        long[] y = new long[n];
        Arrays.setAll(x, i -> random.nextInt(4) == 0 ? p.value() - 1 : random.nextLong(p.value()));
        Arrays.setAll(y, i -> random.nextInt(4) == 0 ? p.value() - 1 : random.nextLong(p.value()));
        byte[] packed = packed(x);
        byte[] sum = new byte[packed.length + 2 * PAD];
        Arrays.fill(sum, (byte) 0x5a);
        System.arraycopy(packed(y), 0, sum, PAD, packed.length);
        byte[] expected = sum.clone();
        long[] z = new long[n];
        Arrays.setAll(z, i -> p.add(x[i], y[i]));
        System.arraycopy(packed(z), 0, expected, PAD, packed.length);
        assertThat(kernel().addPacked(p, packed, 0, sum, PAD, n)).isTrue();
        assertThat(sum).as("seed %d, p %s, n %d", SEED, p, n).isEqualTo(expected);
        x[random.nextInt(n)] = p.value();
        assertThat(kernel().addPacked(p, packed(x), 0, sum, PAD, n)).isFalse();
      }
    }
  }

  @Test
  public void stepsRefuseRangesOutsideTheArraysAndStreamsOfAnotherShape() {
    Modulus p = moduli().get(0);
    long[] eight = new long[8];
    byte[] bytes = new byte[50];
    byte[] key = new byte[32];
    byte[] late = new byte[16];
    late[15] = 1;
    outside(() -> kernel().addPacked(p, bytes, 1, bytes, 0, 8));
    outside(() -> kernel().addPacked(p, bytes, 0, bytes, 0, 9));
    outside(() -> kernel().addPacked(p, bytes, 0, bytes, 0, -1));
    outside(() -> kernel().uniform(key, new byte[16], p, eight, 1, 8));
    outside(() -> kernel().gaussian(key, new short[8], -1, 8));
    outside(() -> kernel().addScaledTerms(p, eight, 0, 4, new long[3], eight, 0, 4));
    outside(() -> kernel().addScaledTerms(p, eight, 0, -1, new long[2], eight, 0, 4));
    outside(() -> kernel().addScaledTerms(p, eight, 0, 4, new long[2], eight, 5, 4));
    outside(() -> kernel().takeSlot(eight, 0, new long[7], 5, eight, 0, 0, 8));
    outside(() -> kernel().takeSlot(eight, 1, eight, 5, eight, 0, 0, 8));
    outside(() -> kernel().takeSlot(eight, 0, eight, 5, eight, 1, 0, 8));
    wrong(() -> kernel().takeSlot(eight, 0, eight, 63, eight, 0, 0, 8));
    wrong(() -> kernel().takeSlot(eight, 0, eight, 0, eight, 0, 0, 8));
    wrong(() -> kernel().takeSlot(eight, 0, eight, 5, eight, 0, -1, 8));
    wrong(() -> kernel().uniform(key, late, p, eight, 0, 8));
    wrong(() -> kernel().uniform(new byte[31], new byte[16], p, eight, 0, 8));
    wrong(() -> kernel().gaussian(new byte[33], new short[8], 0, 8));
  }

  private static void outside(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void wrong(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] packed(long[] words) {
    byte[] out = new byte[(50 * words.length + 7) / 8];
    new ScalarKernel().packWords(words, 0, words.length, out, 0);
    return out;
  }

  private static List<Modulus> moduli() {
    List<Modulus> moduli = new ArrayList<>();
    for (ParameterSet set : ParameterSet.all()) {
      moduli.add(set.primes().get(0));
      moduli.add(set.primes().get(set.primeCount() - 1));
    }
    return moduli;
  }

  private static SplittableRandom random() {
    System.out.println("kernel steps: -Dconcordat.seed=" + SEED);
    return new SplittableRandom(SEED);
  }
}
