package io.concordat.privacy.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** The primitives against their distributions: by enumeration of all outcomes, then by counting. */
class ExactCoinsTest {

  /**
   * Thrown by a source whose prepared words are used up: one leaf of the enumeration is not reached
   * yet.
   */
  private static final class OutOfBits extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void uniformHitsEachResidueEquallyOftenOverAllWords() {
    // With bound b a power of two or not, scanning words at a stride of 2^48 gives each value its
    // share within one.
    for (long bound : new long[] {1, 2, 3, 5, 7, 1000}) {
      int[] seen = new int[(int) bound];
      int words = 1 << 16;
      for (long w = 0; w < words; w++) {
        long word = w << 48;
        Deque<Long> one = new ArrayDeque<>(java.util.List.of(word));
        try {
          seen[(int) UniformInteger.below(bound, () -> next(one))]++;
        } catch (OutOfBits rejected) {
          // A surplus word: there are fewer than bound of them in 2^64.
          assertThat(Long.remainderUnsigned(-bound, bound)).isNotZero();
        }
      }
      for (int count : seen) {
        assertThat((double) count).isCloseTo(words / (double) bound, within(2.0));
      }
    }
  }

  @Test
  void uniformRejectsTheSurplusWords() {
    // 2^64 mod 3 = 1: exactly the words whose product has low word 0 are one too many. Word 0 is
    // such a word.
    Deque<Long> words = new ArrayDeque<>(java.util.List.of(0L, -1L));
    assertThat(UniformInteger.below(3, words::removeFirst)).isEqualTo(2);
    assertThat(words).isEmpty();
  }

  @Test
  void coinOfSmallFractionsHasExactlyTheSeriesProbability() {
    // Enumerates the chain with exact weights: after m successes the chain stops with 1 -
    // (a/b)/(m+1).
    for (int b = 1; b <= 4; b++) {
      for (int a = 0; a <= b; a++) {
        double enumerated = enumerate(a, b);
        assertThat(enumerated).isCloseTo(Math.exp(-a / (double) b), within(1e-12));
      }
    }
  }

  /**
   * Drives the real code with chosen coin outcomes: word 0 is the smallest uniform (true), word -1
   * the largest (false).
   */
  private static double enumerate(long a, long b) {
    double total = 0;
    double reach = 1;
    for (int successes = 0; successes < 25 && reach > 0; successes++) {
      Deque<Long> words = new ArrayDeque<>();
      for (int k = 1; k <= successes; k++) {
        // A certain coin (a = b, or k = 1) takes no word.
        if (a < b) {
          words.add(1L << 40);
        }
        if (k > 1) {
          words.add(1L << 40);
        }
      }
      double success = (double) a / b / (successes + 1);
      double stop = reach * (1 - success);
      if (stop > 0) {
        words.add(-1L);
        if (ExponentialCoin.tossUpToOne(a, b, () -> next(words))) {
          total += stop;
        }
      }
      reach *= success;
    }
    return total;
  }

  private static long next(Deque<Long> words) {
    Long word = words.pollFirst();
    if (word == null) {
      throw new OutOfBits();
    }
    return word;
  }

  @Test
  void exponentialCoinHasItsFrequency() {
    RandomBits bits = new SeededBits(1);
    long[][] fractions = {{0, 1}, {1, 3}, {1, 1}, {7, 3}, {5, 1}, {123456789L, 100000000L}};
    int tosses = 400_000;
    for (long[] f : fractions) {
      int heads = 0;
      for (int i = 0; i < tosses; i++) {
        heads += ExponentialCoin.toss(f[0], f[1], bits) ? 1 : 0;
      }
      double p = Math.exp(-f[0] / (double) f[1]);
      assertThat(heads / (double) tosses)
          .as("exp(-%d/%d)", f[0], f[1])
          .isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / tosses) + 1e-12));
    }
  }

  @Test
  void samplingRateIsTheWrittenDecimal() {
    assertThat(SamplingRate.parse("0.05")).isEqualTo(new SamplingRate(1, 20));
    assertThat(SamplingRate.parse("1.000")).isEqualTo(SamplingRate.ALWAYS);
    assertThat(SamplingRate.parse("0")).isEqualTo(new SamplingRate(0, 1));
    RandomBits bits = new SeededBits(2);
    int heads = 0;
    for (int i = 0; i < 200_000; i++) {
      heads += SamplingRate.parse("0.05").toss(bits) ? 1 : 0;
    }
    assertThat(heads / 200_000.0).isCloseTo(0.05, within(0.0025));
    assertThatThrownBy(() -> SamplingRate.parse("1.1")).hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> SamplingRate.parse("-0.1")).hasMessageContaining("[0, 1]");
  }
}
