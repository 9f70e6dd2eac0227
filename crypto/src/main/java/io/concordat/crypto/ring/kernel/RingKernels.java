package io.concordat.crypto.ring.kernel;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.PrimeSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the kernel: the fastest that opens and agrees with the scalar one on a short comparison,
 * or the one that the system property {@value #PROPERTY} names.
 */
public final class RingKernels {
  /** Names the kernel to use, where the choice is not to be left to this class. */
  public static final String PROPERTY = "concordat.kernel";

  private static volatile @Nullable RingKernel chosen;

  private RingKernels() {}

  /**
   * What became of one registered kernel.
   *
   * @param kernel the kernel, if it can be used
   * @param reason why not, else empty
   */
  public record Offer(String name, int preference, @Nullable RingKernel kernel, String reason) {}

  /** The kernel to use; the same at each call. */
  public static RingKernel best() {
    RingKernel known = chosen;
    return known != null ? known : chosen();
  }

  /**
   * One line for logs: the kernel in use, whether it was chosen or fixed, and why not a faster one.
   */
  public static String description() {
    RingKernel best = best();
    StringBuilder line = new StringBuilder("ring kernel ").append(best.name());
    if (!System.getProperty(PROPERTY, "").isEmpty()) {
      return line.append(", fixed by ").append(PROPERTY).toString();
    }
    for (Offer offer : offers()) {
      if (offer.name().equals(best.name())) {
        break;
      }
      line.append("; not ").append(offer.name()).append(": ").append(offer.reason());
    }
    return line.toString();
  }

  /**
   * The kernel of this name; {@link IllegalArgumentException} with the reason if it is not there.
   */
  public static RingKernel named(String name) {
    for (Offer offer : offers()) {
      if (offer.name().equals(name)) {
        if (offer.kernel() == null) {
          throw new IllegalArgumentException(
              "ring kernel " + name + " cannot be used here: " + offer.reason());
        }
        return offer.kernel();
      }
    }
    throw new IllegalArgumentException(
        "no ring kernel "
            + name
            + "; there are: "
            + offers().stream().map(Offer::name).collect(Collectors.joining(", ")));
  }

  /** All registered kernels, the preferred first, with the reason where one cannot be used. */
  public static List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    ScalarKernel scalar = new ScalarKernel();
    offers.add(new Offer(scalar.name(), 0, scalar, ""));
    for (RingKernelProvider provider : ServiceLoader.load(RingKernelProvider.class)) {
      offers.add(open(provider));
    }
    offers.sort(Comparator.comparingInt(Offer::preference).reversed());
    return offers;
  }

  private static Offer open(RingKernelProvider provider) {
    try {
      RingKernel kernel = provider.open();
      return agrees(kernel)
          ? new Offer(provider.name(), provider.preference(), kernel, "")
          : refused(provider, "it disagrees with the scalar kernel on this machine");
    } catch (KernelUnavailableException e) {
      return refused(provider, String.valueOf(e.getMessage()));
    }
  }

  private static Offer refused(RingKernelProvider provider, String reason) {
    return new Offer(provider.name(), provider.preference(), null, reason);
  }

  /** A product of two polynomials by both kernels: a miscompiled or broken kernel shows here. */
  private static boolean agrees(RingKernel kernel) {
    int n = 64;
    Modulus p = PrimeSearch.largest(1, 50, n).get(0);
    NttTables tables = new NttTables(p, n);
    return Arrays.equals(product(kernel, tables), product(new ScalarKernel(), tables));
  }

  private static long[] product(RingKernel kernel, NttTables tables) {
    Modulus p = tables.modulus();
    int n = tables.degree();
    long[] x = new long[n];
    long[] y = new long[n];
    for (int i = 0; i < n; i++) {
      x[i] = p.power(3, i + 1);
      y[i] = p.value() - 1 - i;
    }
    kernel.forward(tables, x, 0);
    kernel.forward(tables, y, 0);
    kernel.multiplyAdd(p, x, 0, y, 0, x, 0, n);
    kernel.inverse(tables, x, 0);
    return x;
  }

  /**
   * Chosen when first asked for, then fixed for the life of the process. A static initialiser would
   * not do: a native executable runs those while it is built, on the builder's processor.
   */
  private static synchronized RingKernel chosen() {
    RingKernel known = chosen;
    if (known == null) {
      known = choose();
      chosen = known;
    }
    return known;
  }

  private static RingKernel choose() {
    String fixed = System.getProperty(PROPERTY, "");
    if (!fixed.isEmpty()) {
      return named(fixed);
    }
    for (Offer offer : offers()) {
      if (offer.kernel() != null) {
        return offer.kernel();
      }
    }
    return new ScalarKernel();
  }
}
