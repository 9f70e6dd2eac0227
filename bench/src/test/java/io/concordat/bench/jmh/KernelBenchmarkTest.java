package io.concordat.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.ring.kernel.RingKernel;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class KernelBenchmarkTest {
  @Test
  void measuresEveryOperationOfTheKernelInterfaceUnderItsName() {
    Set<String> operations = names(RingKernel.class.getDeclaredMethods());
    operations.removeAll(Set.of("name", "maxPrimeBits"));
    Method[] measured =
        Arrays.stream(KernelBenchmark.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .toArray(Method[]::new);
    assertThat(names(measured)).containsAll(operations);
  }

  private static Set<String> names(Method[] methods) {
    return Arrays.stream(methods)
        .filter(method -> !method.isSynthetic())
        .map(Method::getName)
        .collect(Collectors.toSet());
  }
}
