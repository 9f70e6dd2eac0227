package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelProvider;

/** Offers the C kernel {@link NativeVariant#PORTABLE} to the choice of kernels. */
public final class PortableKernelProvider implements RingKernelProvider {
  @Override
  public String name() {
    return NativeVariant.PORTABLE.kernelName();
  }

  @Override
  public int preference() {
    return NativeVariant.PORTABLE.preference();
  }

  @Override
  public RingKernel open() throws KernelUnavailableException {
    return NativeVariant.PORTABLE.open();
  }
}
