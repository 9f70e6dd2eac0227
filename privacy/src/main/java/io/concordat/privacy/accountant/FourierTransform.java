package io.concordat.privacy.accountant;

/**
 * A radix-2 Fourier transform in place. Forward leaves the spectrum in bit-reversed order, inverse
 * expects it there, so no permutation is ever made.
 */
final class FourierTransform {

  private final int size;
  private final double[] cosine;
  private final double[] sine;

  /**
   * @param size a power of two, at least 2
   */
  FourierTransform(int size) {
    if (size < 2 || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("size must be a power of two, is " + size);
    }
    this.size = size;
    this.cosine = new double[size / 2];
    this.sine = new double[size / 2];
    fillRoots();
  }

  /**
   * Roots of unity from two short tables of correctly rounded ones and one complex product each:
   * within 3 ulp.
   */
  private void fillRoots() {
    int block = 1 << ((31 - Integer.numberOfLeadingZeros(size)) / 2);
    double[] fineCos = new double[block];
    double[] fineSin = new double[block];
    for (int i = 0; i < block; i++) {
      double angle = 2 * Math.PI * i / size;
      fineCos[i] = StrictMath.cos(angle);
      fineSin[i] = StrictMath.sin(angle);
    }
    for (int base = 0; base < cosine.length; base += block) {
      double angle = 2 * Math.PI * base / size;
      double c = StrictMath.cos(angle);
      double s = StrictMath.sin(angle);
      int end = Math.min(block, cosine.length - base);
      for (int i = 0; i < end; i++) {
        cosine[base + i] = c * fineCos[i] - s * fineSin[i];
        sine[base + i] = s * fineCos[i] + c * fineSin[i];
      }
    }
  }

  /** Natural order in, bit-reversed spectrum out. */
  void forward(double[] re, double[] im) {
    for (int length = size; length >= 2; length >>= 1) {
      int half = length >> 1;
      int stride = size / length;
      for (int start = 0; start < size; start += length) {
        for (int j = 0, root = 0; j < half; j++, root += stride) {
          int a = start + j;
          int b = a + half;
          double differenceRe = re[a] - re[b];
          double differenceIm = im[a] - im[b];
          re[a] += re[b];
          im[a] += im[b];
          double c = cosine[root];
          double s = -sine[root];
          re[b] = differenceRe * c - differenceIm * s;
          im[b] = differenceRe * s + differenceIm * c;
        }
      }
    }
  }

  /** Bit-reversed spectrum in, natural order out, divided by the size. */
  void inverse(double[] re, double[] im) {
    for (int length = 2; length <= size; length <<= 1) {
      int half = length >> 1;
      int stride = size / length;
      for (int start = 0; start < size; start += length) {
        for (int j = 0, root = 0; j < half; j++, root += stride) {
          int a = start + j;
          int b = a + half;
          double c = cosine[root];
          double s = sine[root];
          double turnedRe = re[b] * c - im[b] * s;
          double turnedIm = re[b] * s + im[b] * c;
          re[b] = re[a] - turnedRe;
          im[b] = im[a] - turnedIm;
          re[a] += turnedRe;
          im[a] += turnedIm;
        }
      }
    }
    double scale = 1.0 / size;
    for (int i = 0; i < size; i++) {
      re[i] *= scale;
      im[i] *= scale;
    }
  }

  /**
   * Where the conjugate frequency of a bit-reversed position stands. Minus k keeps k's lowest set
   * bit and flips those above it; reversed, the highest set bit is kept and those below it are
   * flipped.
   */
  static int conjugate(int position) {
    return position < 2 ? position : position ^ (Integer.highestOneBit(position) - 1);
  }
}
