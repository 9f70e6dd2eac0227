package io.concordat.bench.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SectionTest {
  private static final Section ENGINE = new Section("engine");
  private static final Section PRIVACY = new Section("privacy");

  @Test
  void replacesItsOwnTextAndLeavesTheRestAlone() {
    String page = PRIVACY.in(ENGINE.in("# Figures\n\nBy hand.\n", "fast"), "private");
    assertThat(ENGINE.in(page, "faster"))
        .isEqualTo(page.replace("fast\n", "faster\n"))
        .startsWith("# Figures\n\nBy hand.\n")
        .contains("private");
    assertThat(PRIVACY.in(page, "private")).isEqualTo(page);
  }

  @Test
  void refusesAPageWhoseSectionDoesNotEnd() {
    String page = PRIVACY.in("", "private").replace("<!-- end", "<!--");
    assertThatThrownBy(() -> PRIVACY.in(page, "more")).hasMessageContaining("end privacy");
  }
}
