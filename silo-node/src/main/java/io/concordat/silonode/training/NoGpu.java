package io.concordat.silonode.training;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.jspecify.annotations.Nullable;

/**
 * In a native executable DJL's search for a graphics card finds none. It asks CUDA's library
 * through JNA, which builds its calls while the program runs; an executable cannot. Nodes compute
 * on processors anyway. Java itself never loads this class.
 */
@TargetClass(className = "ai.djl.util.cuda.CudaUtils")
final class NoGpu {
  private NoGpu() {}

  @Substitute
  private static ai.djl.util.cuda.@Nullable CudaLibrary loadLibrary() {
    return null;
  }
}
