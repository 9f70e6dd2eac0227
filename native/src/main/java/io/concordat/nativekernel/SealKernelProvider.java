package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelProvider;

/**
 * Offers SEAL's kernel by name. Its preference lies below the scalar kernel's: it is there to be
 * compared with, and may have been built to branch on residues.
 */
public final class SealKernelProvider implements RingKernelProvider {
  static final String NAME = "seal";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int preference() {
    return -1;
  }

  @Override
  public RingKernel open() throws KernelUnavailableException {
    NativeLibrary.load("concordat_seal");
    int version = SealCalls.interfaceVersion();
    if (version != SealCalls.INTERFACE_VERSION) {
      throw new KernelUnavailableException(
          "the SEAL library speaks interface "
              + version
              + ", this jar "
              + SealCalls.INTERFACE_VERSION
              + ": rebuild it");
    }
    return new SealKernel();
  }
}
