package io.concordat.protocol.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The next state is recomputed by everybody: nothing in it may differ between two machines. */
final class SameBitsRuleTest {
  /** Methods of Math whose result the specification fixes to the last bit. */
  private static final Set<String> EXACT =
      Set.of(
          "abs",
          "addExact",
          "fma",
          "max",
          "min",
          "multiplyExact",
          "nextUp",
          "nextDown",
          "rint",
          "round",
          "sqrt",
          "toIntExact",
          "unsignedMultiplyHigh");

  private static final Set<String> FORBIDDEN =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.security.SecureRandom",
          "java.time.Clock",
          "java.lang.System");

  @Test
  void analysesUseOnlyArithmeticThatGivesTheSameBitsEverywhere() {
    Set<String> offences = new TreeSet<>();
    var classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.concordat.protocol.analysis");
    assertThat(classes.size()).isGreaterThan(20);
    for (JavaClass type : classes) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        String owner = call.getTargetOwner().getName();
        String method = call.getTarget().getName();
        boolean inexact = owner.equals("java.lang.Math") && !EXACT.contains(method);
        boolean parallel = method.equals("parallel") || method.equals("parallelStream");
        boolean copies = owner.equals("java.lang.System") && method.equals("arraycopy");
        if (inexact || parallel || (FORBIDDEN.contains(owner) && !copies)) {
          offences.add(call.getDescription());
        }
      }
    }
    assertThat(offences).isEmpty();
  }
}
