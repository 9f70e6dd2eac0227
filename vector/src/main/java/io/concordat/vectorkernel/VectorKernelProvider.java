package io.concordat.vectorkernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernelProvider;

/**
 * Offers the Vector API's kernel where Java was started with its module. This class itself touches
 * nothing of it, so that the jar may lie on the class path of any Java.
 */
public final class VectorKernelProvider implements RingKernelProvider {
  static final String NAME = "vector";
  private static final String MODULE = "jdk.incubator.vector";
  private static final int PREFERENCE = 20;
  private static final int LEAST_BITS = 128;

  @Override
  public String name() {
    return NAME;
  }

  /** Above portable C, below C for AVX2. */
  @Override
  public int preference() {
    return PREFERENCE;
  }

  @Override
  public RingKernel open() throws KernelUnavailableException {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new KernelUnavailableException("start Java with --add-modules " + MODULE);
    }
    int bits = Lanes.D.vectorBitSize();
    if (bits < LEAST_BITS) {
      throw new KernelUnavailableException("this Java's vectors have " + bits + " bits");
    }
    return new VectorKernel();
  }
}
