package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;

/**
 * INV-22: libraries decide and nothing else: time and randomness are given to them, what they would
 * tell anybody they return.
 */
class LibrariesTest {
  private static final List<String> OUTSIDE_WORLD =
      List.of(
          "java.util.logging",
          "org.slf4j",
          "org.jboss.logging",
          "java.net.http",
          "java.sql",
          "javax.sql",
          "jakarta",
          "io.quarkus",
          "java.rmi");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.LocalTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.Year.now",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.time.InstantSource.system",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.sleep");

  private static final Set<String> RANDOM =
      Set.of(
          "java.security.SecureRandom",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.UUID",
          "java.util.random.RandomGenerator");

  private static final Set<String> ENVIRONMENT =
      Set.of("java.lang.System.getenv", "java.lang.System.getProperty");

  /** The choice of a kernel, and the folder a native library is unpacked into. */
  private static final Set<String> READ_THE_ENVIRONMENT =
      Set.of(
          "io.concordat.crypto.ring.kernel.RingKernels", "io.concordat.nativekernel.NativeLibrary");

  /** A seed that was given, in the clothes that Bouncy Castle asks for; it draws nothing. */
  private static final String SEED_STREAM = "io.concordat.crypto.box.HpkeBase$SeedStream";

  private static final String SYSTEM_RANDOMNESS = "io.concordat.crypto.random.SystemRandomness";

  private static final JavaClasses LIBRARIES = Tree.classesOf(Tree.LIBRARIES);

  @Test
  void noLibraryLogsOrTalksToNetworkOrDatabase() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : LIBRARIES) {
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        JavaClass target = Tree.element(use.getTargetClass());
        if (OUTSIDE_WORLD.stream().anyMatch(p -> Tree.within(target.getPackageName(), p))
            || target.getName().startsWith("java.lang.System$Logger")
            || target.getName().equals("java.net.Socket")
                // The JDK's key managers are handed the socket they choose for; none is opened.
                && !type.isAssignableTo(X509ExtendedKeyManager.class)
            || target.getName().equals("java.net.URL")) {
          faults.add(use.getDescription());
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void noLibraryReadsAClockOrSleeps() {
    assertThat(accesses(CLOCKS, "")).isEmpty();
  }

  @Test
  void randomnessIsGivenToLibraries() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : LIBRARIES) {
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        if (RANDOM.contains(use.getTargetClass().getName())
            && !type.getName().equals(SYSTEM_RANDOMNESS)
            && !type.getName().equals(SEED_STREAM)) {
          faults.add(use.getDescription());
        }
        // The system's source is chosen where a program is put together, and nowhere else.
        if (use.getTargetClass().getName().equals(SYSTEM_RANDOMNESS)
            && !type.getName().equals(SYSTEM_RANDOMNESS)) {
          faults.add(use.getDescription());
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(accesses(Set.of("java.lang.Math.random"), "")).isEmpty();
  }

  @Test
  void librariesReadNoEnvironmentAndPrintNothing() {
    List<String> faults = new ArrayList<>(accesses(ENVIRONMENT, READ_THE_ENVIRONMENT));
    faults.addAll(accesses(Set.of("java.lang.System.out", "java.lang.System.err"), ""));
    assertThat(faults).isEmpty();
  }

  private static String outermost(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private static List<String> accesses(Set<String> forbidden, String except) {
    return accesses(forbidden, Set.of(except));
  }

  private static List<String> accesses(Set<String> forbidden, Set<String> except) {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : LIBRARIES) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        String name = access.getTargetOwner().getName() + "." + access.getTarget().getName();
        if (forbidden.contains(name) && !except.contains(outermost(type))) {
          faults.add(access.getDescription());
        }
      }
    }
    return faults;
  }
}
