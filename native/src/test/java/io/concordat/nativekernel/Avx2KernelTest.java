package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelContract;
import org.junit.jupiter.api.BeforeAll;

final class Avx2KernelTest extends RingKernelContract {
  @BeforeAll
  static void needsTheKernel() {
    Opened.orSkipped(new Avx2KernelProvider());
  }

  @Override
  protected RingKernel kernel() {
    return Opened.orSkipped(new Avx2KernelProvider());
  }
}
