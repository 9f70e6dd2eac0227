package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may know whom: the arrows of docs/architecture.md, and the libraries each module may use. */
class LayersTest {
  private static final Set<String> BELOW_POLICIES =
      Set.of("crypto", "privacy", "audit", "protocol");
  private static final Set<String> BELOW_SERVICES =
      Set.of("crypto", "privacy", "audit", "protocol", "policies", "homes");

  /** Module, then the modules it may know besides itself. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("crypto", Set.of()),
          Map.entry("native", Set.of("crypto")),
          Map.entry("privacy", Set.of()),
          Map.entry("audit", Set.of()),
          Map.entry("protocol", Set.of("crypto", "privacy", "audit")),
          Map.entry("policies", BELOW_POLICIES),
          Map.entry("verify", Set.of("crypto", "privacy", "audit", "protocol", "policies")),
          Map.entry("homes", Set.of("crypto", "audit", "protocol")),
          Map.entry("aggregator", BELOW_SERVICES),
          Map.entry("silo-node", BELOW_SERVICES),
          Map.entry(
              "client",
              Set.of("crypto", "privacy", "audit", "protocol", "policies", "homes", "verify")),
          Map.entry("compliance-docs", BELOW_SERVICES));

  /** Packages outside the project and the JDK that a library may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "crypto", Set.of("org.bouncycastle"),
          "native", Set.of(),
          "privacy", Set.of("org.apache.commons.numbers"),
          "audit", Set.of(),
          "protocol", Set.of("org.snakeyaml.engine"),
          "policies", Set.of(),
          "verify", Set.of());

  /** Its thresholds are public constants; what is drawn by them is the caller's. */
  private static final String SAMPLER = "io.concordat.crypto.random.DiscreteGaussianTable";

  @Test
  void noModuleKnowsOneAboveIt() {
    List<String> faults = new ArrayList<>();
    MAY_KNOW.forEach((module, allowed) -> {
      Set<String> names = new TreeSet<>();
      names.add(Tree.PACKAGES.get(module));
      allowed.forEach(other -> names.add(Tree.PACKAGES.get(other)));
      for (Dependency use : dependencies(module)) {
        String target = Tree.element(use.getTargetClass()).getPackageName();
        if (Tree.within(target, "io.concordat")
            && names.stream().noneMatch(name -> Tree.within(target, name))) {
          faults.add(module + ": " + use.getDescription());
        }
      }
    });
    assertThat(faults).isEmpty();
    assertThat(MAY_KNOW.keySet()).isEqualTo(Tree.PACKAGES.keySet());
  }

  @Test
  void aNativeKernelKnowsTheRingTheSamplersTableAndNothingElse() {
    List<String> faults = new ArrayList<>();
    for (Dependency use : dependencies("native")) {
      String target = Tree.element(use.getTargetClass()).getPackageName();
      if (Tree.within(target, "io.concordat")
          && !Tree.within(target, "io.concordat.nativekernel")
          && !Tree.within(target, "io.concordat.crypto.ring")
          && !Tree.element(use.getTargetClass()).getName().equals(SAMPLER)) {
        faults.add(use.getDescription());
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void librariesUseNothingButWhatTheyWereGiven() {
    List<String> faults = new ArrayList<>();
    MAY_USE.forEach((module, allowed) -> {
      for (Dependency use : dependencies(module)) {
        JavaClass target = Tree.element(use.getTargetClass());
        String name = target.getPackageName();
        boolean known =
            target.isPrimitive()
                || Tree.within(name, "java")
                || Tree.within(name, "javax")
                || Tree.within(name, "org.jspecify.annotations")
                || Tree.within(name, "io.concordat")
                || allowed.stream().anyMatch(prefix -> Tree.within(name, prefix));
        if (!known) {
          faults.add(module + ": " + use.getDescription());
        }
      }
    });
    assertThat(faults).isEmpty();
    assertThat(MAY_USE.keySet()).containsExactlyInAnyOrderElementsOf(Tree.LIBRARIES);
  }

  @Test
  void onlyTheSiloNodeKnowsTheTrainingEngine() {
    List<String> faults = new ArrayList<>();
    for (String module : Tree.PACKAGES.keySet()) {
      if (!module.equals("silo-node")) {
        for (Dependency use : dependencies(module)) {
          if (Tree.within(Tree.element(use.getTargetClass()).getPackageName(), "ai.djl")) {
            faults.add(use.getDescription());
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private static List<Dependency> dependencies(String module) {
    List<Dependency> all = new ArrayList<>();
    for (JavaClass type : Tree.classesOf(Set.of(module))) {
      all.addAll(type.getDirectDependenciesFromSelf());
    }
    assertThat(all).as(module).isNotEmpty();
    return all;
  }
}
