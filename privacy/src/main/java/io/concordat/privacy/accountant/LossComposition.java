package io.concordat.privacy.accountant;

import io.concordat.privacy.accountant.LossDistribution.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of many rounds: convolutions of their distributions, by one Fourier transform for each
 * kind of round.
 *
 * <p>Both directions travel together, REMOVE as the real part and ADD as the imaginary part of one
 * complex signal; their spectra are told apart by conjugate symmetry.
 */
final class LossComposition {

  /**
   * Largest transform; a longer range of losses is put on a coarser grid, which stays an upper
   * bound.
   */
  static final int MAX_SIZE = 1 << 21;

  /** Mass beyond the window is at most this in either direction; it is counted as infinite loss. */
  private static final double TAIL = 1e-15;

  /**
   * Rounding of transforms and powers, counted as infinite loss; grows with the number of rounds
   * below.
   */
  private static final double ROUNDING = 1e-12;

  private LossComposition() {}

  /** Both directions, composed. */
  record Composed(LossDistribution remove, LossDistribution add) {}

  /** Coarsest step; losses that need a coarser one are beyond any use and get no bound at all. */
  private static final double COARSEST = 0.5;

  /** Composes the rounds on a grid of at least this step. */
  static Composed compose(List<GaussianRound> rounds, double wantedStep) {
    double step = wantedStep;
    for (GaussianRound round : rounds) {
      double[] range =
          LossDistribution.range(round.samplingRate(), round.noiseMultiplier(), Direction.REMOVE);
      step = Math.max(step, (range[1] - range[0]) / MAX_SIZE);
    }
    while (step <= COARSEST) {
      List<LossDistribution> remove = new ArrayList<>();
      List<LossDistribution> add = new ArrayList<>();
      for (GaussianRound round : rounds) {
        remove.add(distribution(round, Direction.REMOVE, step));
        add.add(distribution(round, Direction.ADD, step));
      }
      LossWindow removeWindow = LossWindow.of(remove, rounds, TAIL);
      LossWindow addWindow = LossWindow.of(add, rounds, TAIL);
      long span = Math.max(removeWindow.length(), addWindow.length());
      if (span <= MAX_SIZE) {
        int size = Math.max(1024, 1 << (64 - Long.numberOfLeadingZeros(span - 1)));
        return transform(rounds, remove, add, removeWindow, addWindow, size);
      }
      step *= Math.max(2, Math.ceil(span / (double) MAX_SIZE));
    }
    LossDistribution unbounded = new LossDistribution(0, new double[1], 1, COARSEST);
    return new Composed(unbounded, unbounded);
  }

  private static LossDistribution distribution(
      GaussianRound round, Direction direction, double step) {
    return LossDistribution.ofRound(round.samplingRate(), round.noiseMultiplier(), direction, step);
  }

  private static Composed transform(
      List<GaussianRound> rounds,
      List<LossDistribution> remove,
      List<LossDistribution> add,
      LossWindow removeWindow,
      LossWindow addWindow,
      int size) {
    FourierTransform fourier = new FourierTransform(size);
    Spectrum removeProduct = new Spectrum(size);
    Spectrum addProduct = new Spectrum(size);
    double[] re = new double[size];
    double[] im = new double[size];
    for (int kind = 0; kind < rounds.size(); kind++) {
      Arrays.fill(re, 0);
      Arrays.fill(im, 0);
      fold(remove.get(kind), re);
      fold(add.get(kind), im);
      fourier.forward(re, im);
      long count = rounds.get(kind).count();
      for (int p = 0; p < size; p++) {
        int c = FourierTransform.conjugate(p);
        removeProduct.timesPower(p, (re[p] + re[c]) / 2, (im[p] - im[c]) / 2, count);
        addProduct.timesPower(p, (im[p] + im[c]) / 2, (re[c] - re[p]) / 2, count);
      }
    }
    for (int p = 0; p < size; p++) {
      re[p] = removeProduct.re[p] - addProduct.im[p];
      im[p] = removeProduct.im[p] + addProduct.re[p];
    }
    fourier.inverse(re, im);
    return new Composed(
        unfold(re, removeWindow, rounds, remove), unfold(im, addWindow, rounds, add));
  }

  /** Loss l stands at l modulo the size; sums of losses then stand at their sum modulo the size. */
  private static void fold(LossDistribution one, double[] signal) {
    int at = (int) Math.floorMod(one.first(), (long) signal.length);
    for (double mass : one.mass()) {
      signal[at] += mass;
      at = at + 1 == signal.length ? 0 : at + 1;
    }
  }

  private static LossDistribution unfold(
      double[] signal, LossWindow window, List<GaussianRound> rounds, List<LossDistribution> ones) {
    double[] mass = new double[Math.toIntExact(window.length())];
    int at = (int) Math.floorMod(window.first(), (long) signal.length);
    for (int i = 0; i < mass.length; i++) {
      mass[i] = Math.max(0, signal[at]);
      at = at + 1 == signal.length ? 0 : at + 1;
    }
    double logFinite = 0;
    double totalCount = 0;
    for (int kind = 0; kind < ones.size(); kind++) {
      logFinite += rounds.get(kind).count() * StrictMath.log1p(-ones.get(kind).infinity());
      totalCount += rounds.get(kind).count();
    }
    double infinity = -StrictMath.expm1(logFinite) + TAIL + ROUNDING + totalCount * 0x1p-52;
    return new LossDistribution(window.first(), mass, infinity, ones.getFirst().step());
  }

  /** A product of powers, frequency by frequency. */
  private static final class Spectrum {
    final double[] re;
    final double[] im;

    Spectrum(int size) {
      re = new double[size];
      im = new double[size];
      Arrays.fill(re, 1);
    }

    /** Multiplies by (x + iy)^count, by squaring: arithmetic only, so the same bits everywhere. */
    void timesPower(int p, double x, double y, long count) {
      double baseRe = x;
      double baseIm = y;
      double productRe = re[p];
      double productIm = im[p];
      for (long rest = count; rest > 0; rest >>= 1) {
        if ((rest & 1) == 1) {
          double r = productRe * baseRe - productIm * baseIm;
          productIm = productRe * baseIm + productIm * baseRe;
          productRe = r;
        }
        double square = baseRe * baseRe - baseIm * baseIm;
        baseIm = 2 * baseRe * baseIm;
        baseRe = square;
      }
      re[p] = productRe;
      im[p] = productIm;
    }
  }
}
