package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import org.opentest4j.TestAbortedException;

/** Opens a kernel, or skips the test and says loudly which kernel went untested and why. */
final class Opened {
  private Opened() {}

  static RingKernel orSkipped(NativeVariant variant) {
    try {
      return variant.open();
    } catch (KernelUnavailableException e) {
      String notice = "NOT TESTED: kernel " + variant.kernelName() + ": " + e.getMessage();
      System.err.println(notice);
      throw new TestAbortedException(notice, e);
    }
  }
}
