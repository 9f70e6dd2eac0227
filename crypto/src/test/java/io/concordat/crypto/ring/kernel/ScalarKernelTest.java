package io.concordat.crypto.ring.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScalarKernelTest extends RingKernelContract {
  @Override
  protected RingKernel kernel() {
    return new ScalarKernel();
  }

  @Test
  void aKernelIsAlwaysFoundAndCanBeNamed() {
    assertThat(RingKernels.best()).isSameAs(RingKernels.best());
    assertThat(RingKernels.named("scalar").name()).isEqualTo("scalar");
    assertThatThrownBy(() -> RingKernels.named("abacus"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scalar");
  }
}
