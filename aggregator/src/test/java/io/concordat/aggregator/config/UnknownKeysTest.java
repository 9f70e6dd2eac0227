package io.concordat.aggregator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class UnknownKeysTest {
  @Test
  void aMisspeltKeyIsNamedAndOthersAreLeftAlone() {
    assertThat(
            UnknownKeys.among(
                List.of("concordat.port", "concordat.prot", "quarkus.http.anything", "path")))
        .containsExactly("concordat.prot");
  }

  @Test
  void everyMappedKeyIsKnown() {
    List<String> mapped = new ArrayList<>();
    collect("concordat", AggregatorSettings.class, mapped);
    assertThat(mapped).hasSizeGreaterThan(8);
    assertThat(UnknownKeys.among(mapped)).isEmpty();
  }

  private static void collect(String prefix, Class<?> group, List<String> into) {
    for (Method method : group.getDeclaredMethods()) {
      if (method.isSynthetic()) {
        continue;
      }
      String name = method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      if (method.getReturnType().getEnclosingClass() == AggregatorSettings.class) {
        collect(prefix + "." + name, method.getReturnType(), into);
      } else {
        into.add(prefix + "." + name);
      }
    }
  }
}
