package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * No reflection of our own: native images need no list of classes from us, and readers no search.
 */
class ReflectionTest {
  private static final Set<String> LOOK_UPS =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.Class.newInstance",
          "java.lang.Class.getMethod",
          "java.lang.Class.getMethods",
          "java.lang.Class.getDeclaredMethod",
          "java.lang.Class.getDeclaredMethods",
          "java.lang.Class.getField",
          "java.lang.Class.getFields",
          "java.lang.Class.getDeclaredField",
          "java.lang.Class.getDeclaredFields",
          "java.lang.Class.getConstructor",
          "java.lang.Class.getConstructors",
          "java.lang.Class.getDeclaredConstructor",
          "java.lang.Class.getDeclaredConstructors",
          "java.lang.Class.getRecordComponents",
          "java.lang.ClassLoader.loadClass",
          "java.lang.invoke.MethodHandles.lookup",
          "java.lang.invoke.MethodHandles.privateLookupIn");

  @Test
  void noClassLooksUpMembersAtRunTime() {
    List<String> faults = new ArrayList<>();
    for (JavaClass type : Tree.classes()) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        String owner = access.getTargetOwner().getName();
        if (LOOK_UPS.contains(owner + "." + access.getTarget().getName())
            || Tree.within(access.getTargetOwner().getPackageName(), "java.lang.reflect")) {
          faults.add(access.getDescription());
        }
      }
    }
    assertThat(faults).isEmpty();
  }
}
