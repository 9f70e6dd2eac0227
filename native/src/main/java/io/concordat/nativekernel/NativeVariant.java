package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;

/** One instruction set the C code is compiled for. The order is that of the C side's numbers. */
enum NativeVariant {
  PORTABLE("native", 10, "portable C"),
  AVX2("native-avx2", 30, "a processor with AVX2, FMA and AES-NI"),
  IFMA("native-ifma", 50, "a processor with AVX-512 IFMA, VBMI and VAES");

  private final String kernelName;
  private final int preference;
  private final String needs;

  NativeVariant(String kernelName, int preference, String needs) {
    this.kernelName = kernelName;
    this.preference = preference;
    this.needs = needs;
  }

  String kernelName() {
    return kernelName;
  }

  int preference() {
    return preference;
  }

  /** Loads the library and asks whether it has this variant and the processor runs it. */
  NativeKernel open() throws KernelUnavailableException {
    NativeLibrary.load("concordat_kernel");
    int version = NativeCalls.interfaceVersion();
    if (version != NativeCalls.INTERFACE_VERSION) {
      throw new KernelUnavailableException(
          "the library speaks interface "
              + version
              + ", this jar "
              + NativeCalls.INTERFACE_VERSION
              + ": rebuild it");
    }
    if (!NativeCalls.runs(ordinal())) {
      throw new KernelUnavailableException("it needs " + needs + ", or was built without it");
    }
    return new NativeKernel(this);
  }
}
