package io.concordat.nativekernel;

/** The functions of the SEAL library. Only {@link SealKernel} calls them, ranges checked. */
final class SealCalls {
  /** Must be the number compiled into the library. */
  static final int INTERFACE_VERSION = 1;

  private SealCalls() {}

  static native int interfaceVersion();

  static native long modulus(long p);

  static native long tables(long modulus, int logDegree);

  static native void forward(long tables, long[] values, int at);

  static native void inverse(long tables, long[] values, int at);

  static native void multiply(
      long modulus, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int count);
}
