package io.concordat.silonode.training;

import io.concordat.protocol.analysis.ModelShape;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one PyTorch engine of this process: its settings, and the lock under which gradients are
 * collected.
 */
public final class PyTorch {
  /** DJL allows one gradient collector in a JVM; a second one fails instead of waiting. */
  private static final ReentrantLock GRADIENT = new ReentrantLock();

  private PyTorch() {}

  /**
   * Sets what DJL reads when it is first used; later calls change nothing that is already loaded.
   *
   * @param cache where the native libraries are unpacked once, some 430 MB
   */
  public static void configure(Path cache) {
    // No look-ups of newer libraries, and no message home about where it runs.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("DJL_CACHE_DIR", cache.toString());
    System.setProperty("ENGINE_CACHE_DIR", cache.toString());
    threads();
  }

  /**
   * Loads the engine and takes one gradient, so that the first round need not wait for it: a second
   * or two, longer where the native libraries still have to be unpacked.
   */
  public static void warmUp() {
    try (NetworkGradient network = new NetworkGradient(new ModelShape.Logistic(1))) {
      network.of(new double[2], new double[][] {{1}}, new double[] {1}, new double[] {1});
    }
  }

  /**
   * Unpacks the native libraries once, before several nodes would do it at the same time.
   *
   * @param arguments the cache folder
   */
  public static void main(String[] arguments) {
    configure(Path.of(arguments[0]));
    warmUp();
  }

  /** One thread: sums of floats are then added in one order, and a repeat gives the same bits. */
  static void threads() {
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.default_engine", "PyTorch");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  static ReentrantLock gradientLock() {
    return GRADIENT;
  }
}
