package io.concordat.silonode.training;

import io.concordat.homes.NativeProgram;
import io.concordat.protocol.analysis.ModelShape;
import io.concordat.protocol.analysis.RoundTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one PyTorch engine of this process: its settings, and the lock under which gradients are
 * collected.
 */
public final class PyTorch {
  /** DJL allows one gradient collector in a JVM; a second one fails instead of waiting. */
  private static final ReentrantLock GRADIENT = new ReentrantLock();

  /** The folder of the native libraries beside a native executable, and in a node's cache. */
  private static final String FOLDER = "djl";

  private PyTorch() {}

  /**
   * Where the native libraries lie, or are to be unpacked: {@code DJL_CACHE_DIR} if it is set, else
   * beside a native executable that has them, else in the node's own cache.
   */
  public static Path folder(Map<String, String> environment, Path root) {
    String named = environment.get("DJL_CACHE_DIR");
    if (named != null && !named.isBlank()) {
      return Path.of(named);
    }
    return NativeProgram.beside(FOLDER)
        .filter(Files::isDirectory)
        .orElseGet(() -> root.resolve("cache").resolve(FOLDER));
  }

  /** Whether this work of a round goes through PyTorch; all other models have a closed form. */
  public static boolean needed(RoundTask task) {
    return switch (task) {
      case RoundTask.LocalEpochs _ -> true;
      case RoundTask.GradientStep step -> step.model() instanceof ModelShape.Mlp;
      case RoundTask.Describe _,
          RoundTask.FeatureMoments _,
          RoundTask.Evaluate _,
          RoundTask.Figures _ ->
          false;
    };
  }

  /**
   * Whether a network can be trained here. Java brings the libraries along and unpacks them; a
   * native executable has them only where somebody laid them out.
   */
  public static boolean isHere() {
    if (!NativeProgram.isThisProcess()) {
      return true;
    }
    Path laidOut = Path.of(System.getProperty("DJL_CACHE_DIR", "")).resolve("pytorch");
    return Files.isDirectory(laidOut);
  }

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
