package io.concordat.crypto.ring.kernel;

/** What a module that brings a kernel registers for {@link java.util.ServiceLoader}. */
public interface RingKernelProvider {
  /** The kernel's name, known without opening it. */
  String name();

  /** Of the kernels that open, the one with the greatest number is taken. Scalar has 0. */
  int preference();

  /**
   * Makes the kernel ready.
   *
   * @throws KernelUnavailableException saying what this machine lacks
   */
  RingKernel open() throws KernelUnavailableException;
}
