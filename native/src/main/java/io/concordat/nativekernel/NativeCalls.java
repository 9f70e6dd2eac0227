package io.concordat.nativekernel;

/**
 * The C functions. Only {@link NativeKernel} calls them, after it has checked every range; they
 * check nothing.
 */
final class NativeCalls {
  /** Must be the number compiled into the library. */
  static final int INTERFACE_VERSION = 4;

  private NativeCalls() {}

  static native int interfaceVersion();

  static native boolean runs(int variant);

  static native void forward(
      int variant, long p, int degree, long[] roots, long[] quotients, long[] values, int at);

  static native void inverse(
      int variant,
      long p,
      long ratio,
      int bits,
      int degree,
      long[] roots,
      long[] quotients,
      long scale,
      long scaleQuotient,
      long[] values,
      int at);

  static native void multiply(
      int variant,
      long p,
      long ratio,
      int bits,
      long[] x,
      int xAt,
      long[] y,
      int yAt,
      long[] out,
      int outAt,
      int count);

  static native void multiplyAdd(
      int variant,
      long p,
      long ratio,
      int bits,
      long[] x,
      int xAt,
      long[] y,
      int yAt,
      long[] sum,
      int sumAt,
      int count);

  static native void add(int variant, long p, long[] x, int xAt, long[] sum, int sumAt, int count);

  static native void addScaled(
      int variant,
      long p,
      long[] x,
      int xAt,
      long factor,
      long factorQuotient,
      long excess,
      long[] sum,
      int sumAt,
      int count);

  static native void lift(
      int variant, long p, short[] x, int xAt, long[] out, int outAt, int count);

  static native void addSmall(
      int variant, long p, short[] x, int xAt, long[] sum, int sumAt, int count);

  static native long innerProduct(
      int variant, long p, long[] x, int xAt, long[] y, int yAt, int count);

  static native void packWords(int variant, long[] words, int at, int count, byte[] out, int outAt);

  static native boolean unpackWords(
      int variant, long p, byte[] in, int inAt, long[] words, int at, int count);

  static native boolean addPacked(
      int variant, long p, byte[] x, int xAt, byte[] sum, int sumAt, int count);

  /** 64, or 52 for tables with {@code NttTables.shortRootQuotients}. */
  static native int quotientBits(int variant);

  /**
   * Bit 0: {@link #uniform} and {@link #gaussian}; bit 1: the two after them; bit 2: the last two.
   */
  static native int extras(int variant);

  static native void uniform(
      int variant, byte[] key, byte[] iv, long p, long[] out, int at, int count);

  static native void gaussian(
      int variant, byte[] key, long[] high, long[] low, short[] out, int at, int count);

  static native void addScaledTerms(
      int variant,
      long p,
      long[] x,
      int xAt,
      int stride,
      int terms,
      long[] factors,
      int factorsAt,
      long[] sum,
      int sumAt,
      int count);

  static native boolean takeSlot(
      int variant,
      long[] values,
      int at,
      long[] carry,
      int width,
      long[] chunks,
      int chunkAt,
      int shift,
      int count);

  static native void expandedProduct(
      int variant,
      long p,
      long ratio,
      int bits,
      int degree,
      long[] roots,
      long[] quotients,
      long scale,
      long scaleQuotient,
      byte[] streamKey,
      byte[] iv,
      long[] key,
      long[] values,
      int at,
      int rows);

  static native void finishRun(
      int variant,
      long p,
      short[] errors,
      long[] chunks,
      int stride,
      int terms,
      long[] factors,
      long[] values,
      int at,
      int rows,
      byte[] out,
      int outAt);
}
