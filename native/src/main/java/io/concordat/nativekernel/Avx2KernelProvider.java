package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelProvider;

/** Offers the C kernel {@link NativeVariant#AVX2} to the choice of kernels. */
public final class Avx2KernelProvider implements RingKernelProvider {
  @Override
  public String name() {
    return NativeVariant.AVX2.kernelName();
  }

  @Override
  public int preference() {
    return NativeVariant.AVX2.preference();
  }

  @Override
  public RingKernel open() throws KernelUnavailableException {
    return NativeVariant.AVX2.open();
  }
}
