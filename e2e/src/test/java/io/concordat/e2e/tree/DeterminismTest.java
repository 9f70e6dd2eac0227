package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * INV-23: what every member computes must come to the same bits everywhere: the next public state,
 * prices, metrics. IEEE 754 fixes + - * / sqrt and fma; {@link StrictMath} fixes the rest; {@link
 * Math}'s exp, log, pow and their kin may differ by a last digit between machines and virtual
 * machines.
 */
class DeterminismTest {
  private static final Set<String> EXACT =
      Set.of(
          "abs",
          "min",
          "max",
          "sqrt",
          "fma",
          "ceil",
          "floor",
          "rint",
          "round",
          "signum",
          "clamp",
          "floorDiv",
          "floorMod",
          "ceilDiv",
          "ceilMod",
          "multiplyHigh",
          "unsignedMultiplyHigh",
          "multiplyFull",
          "scalb",
          "getExponent",
          "ulp",
          "nextUp",
          "nextDown",
          "copySign",
          "addExact",
          "subtractExact",
          "multiplyExact",
          "negateExact",
          "incrementExact",
          "decrementExact",
          "toIntExact",
          "absExact",
          "divideExact",
          "ceilDivExact",
          "floorDivExact");

  private static final List<String> COMPARED = List.of("privacy", "protocol", "policies", "verify");

  @Test
  void whatMembersCompareIsComputedWithExactOrStrictMathematics() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : Tree.classesOf(COMPARED)) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (access.getTargetOwner().getName().equals("java.lang.Math")
            && !EXACT.contains(access.getTarget().getName())) {
          faults.add(access.getDescription());
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void nothingThatMembersCompareIsSummedInParallel() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : Tree.classesOf(COMPARED)) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        String name = access.getTarget().getName();
        if (name.equals("parallelStream")
            || name.equals("parallel")
            || name.equals("parallelPrefix")
            || name.equals("parallelSetAll")) {
          faults.add(access.getDescription());
        }
      }
    }
    assertThat(faults).isEmpty();
  }
}
