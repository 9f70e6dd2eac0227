package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelProvider;
import org.opentest4j.TestAbortedException;

/** Opens a kernel, or skips the test and says loudly which kernel went untested and why. */
final class Opened {
  private Opened() {}

  static RingKernel orSkipped(RingKernelProvider provider) {
    try {
      return provider.open();
    } catch (KernelUnavailableException e) {
      String notice = "NOT TESTED: ring kernel " + provider.name() + ": " + e.getMessage();
      System.err.println(notice);
      throw new TestAbortedException(notice, e);
    }
  }
}
