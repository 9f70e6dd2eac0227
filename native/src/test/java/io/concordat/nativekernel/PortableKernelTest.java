package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelContract;
import org.junit.jupiter.api.BeforeAll;

final class PortableKernelTest extends RingKernelContract {
  @BeforeAll
  static void needsTheKernel() {
    Opened.orSkipped(new PortableKernelProvider());
  }

  @Override
  protected RingKernel kernel() {
    return Opened.orSkipped(new PortableKernelProvider());
  }
}
