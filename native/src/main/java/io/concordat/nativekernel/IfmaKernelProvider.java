package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelProvider;

/** Offers the C kernel {@link NativeVariant#IFMA} to the choice of kernels. */
public final class IfmaKernelProvider implements RingKernelProvider {
  @Override
  public String name() {
    return NativeVariant.IFMA.kernelName();
  }

  @Override
  public int preference() {
    return NativeVariant.IFMA.preference();
  }

  @Override
  public RingKernel open() throws KernelUnavailableException {
    return NativeVariant.IFMA.open();
  }
}
