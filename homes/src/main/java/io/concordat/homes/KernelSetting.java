package io.concordat.homes;

import io.concordat.crypto.ring.kernel.RingKernels;
import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which ring kernel a process takes, where its operator leaves the choice to nobody: {@code
 * concordat.kernel} as a system property, else {@code CONCORDAT_KERNEL} in the environment, else
 * the key of the settings file. Without one the best is chosen.
 */
public final class KernelSetting {
  /** The key of the settings file, and the system property. */
  public static final String KEY = RingKernels.PROPERTY;

  private static final String ENVIRONMENT = "CONCORDAT_KERNEL";
  private static final String JAVA_KERNEL = "vector";
  private static final String MODULE = "jdk.incubator.vector";

  private KernelSetting() {}

  /** The kernel that configuration names. */
  public static Optional<String> named(
      Map<String, String> settings, Map<String, String> environment) {
    return Optional.ofNullable(System.getProperty(KEY))
        .or(() -> Optional.ofNullable(environment.get(ENVIRONMENT)))
        .or(() -> Optional.ofNullable(settings.get(KEY)))
        .filter(name -> !name.isBlank());
  }

  /**
   * Fixes the choice; to be called before the first kernel is asked for.
   *
   * @return why it cannot be fixed so, naming the kernels there are
   */
  public static Optional<String> fix(
      Map<String, String> settings, Map<String, String> environment) {
    Optional<String> name = named(settings, environment);
    if (name.isPresent()) {
      System.setProperty(KEY, name.get());
      try {
        RingKernels.named(name.get());
      } catch (IllegalArgumentException wrong) {
        System.clearProperty(KEY);
        return Optional.of(KEY + ": " + wrong.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * Options with which Java should be started for this choice. The vector module costs a notice and
   * some of the start, so it is asked for only where it serves: named, or better than every kernel
   * that this process can open.
   */
  public static List<String> javaOptions(Optional<String> named) {
    if (NativeProgram.isThisProcess()) {
      return List.of();
    }
    boolean wanted = named.map(JAVA_KERNEL::equals).orElseGet(KernelSetting::bestHere);
    return wanted && ModuleFinder.ofSystem().find(MODULE).isPresent()
        ? List.of("--add-modules", MODULE)
        : List.of();
  }

  private static boolean bestHere() {
    for (RingKernels.Offer offer : RingKernels.offers()) {
      if (offer.name().equals(JAVA_KERNEL)) {
        return true;
      }
      if (offer.kernel() != null) {
        return false;
      }
    }
    return false;
  }
}
