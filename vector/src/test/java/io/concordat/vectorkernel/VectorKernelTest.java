package io.concordat.vectorkernel;

import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelContract;

final class VectorKernelTest extends RingKernelContract {
  private final RingKernel kernel = open();

  private static RingKernel open() {
    try {
      return new VectorKernelProvider().open();
    } catch (io.concordat.crypto.ring.kernel.KernelUnavailableException e) {
      throw new AssertionError("the tests of this module run with the Vector API", e);
    }
  }

  @Override
  protected RingKernel kernel() {
    return kernel;
  }
}
