package io.concordat.homes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelSettingTest {
  private static final Map<String, String> FILE = Map.of(KernelSetting.KEY, "scalar");

  private String before = "";

  @BeforeEach
  void clear() {
    before = System.getProperty(KernelSetting.KEY, "");
    System.clearProperty(KernelSetting.KEY);
  }

  @AfterEach
  void restore() {
    if (before.isEmpty()) {
      System.clearProperty(KernelSetting.KEY);
    } else {
      System.setProperty(KernelSetting.KEY, before);
    }
  }

  @Test
  void takesThePropertyBeforeTheEnvironmentBeforeTheFile() {
    assertThat(KernelSetting.named(Map.of(), Map.of())).isEmpty();
    assertThat(KernelSetting.named(FILE, Map.of())).contains("scalar");
    Map<String, String> environment = Map.of("CONCORDAT_KERNEL", "native");
    assertThat(KernelSetting.named(FILE, environment)).contains("native");
    System.setProperty(KernelSetting.KEY, "vector");
    assertThat(KernelSetting.named(FILE, environment)).contains("vector");
  }

  @Test
  void fixesTheKernelThatTheFileNames() {
    assertThat(KernelSetting.fix(FILE, Map.of())).isEmpty();
    assertThat(System.getProperty(KernelSetting.KEY)).isEqualTo("scalar");
  }

  @Test
  void refusesAKernelThatIsNotThereAndNamesThoseThatAre() {
    Optional<String> wrong = KernelSetting.fix(Map.of(KernelSetting.KEY, "quantum"), Map.of());
    assertThat(wrong.orElseThrow())
        .contains("concordat.kernel", "no ring kernel quantum", "scalar");
    assertThat(System.getProperty(KernelSetting.KEY)).isNull();
  }

  @Test
  void asksForTheVectorModuleWhereItsKernelIsNamedAndNotForAnother() {
    assertThat(KernelSetting.javaOptions(Optional.of("vector")))
        .isEqualTo(List.of("--add-modules", "jdk.incubator.vector"));
    assertThat(KernelSetting.javaOptions(Optional.of("native-ifma"))).isEmpty();
    assertThat(KernelSetting.javaOptions(Optional.of("scalar"))).isEmpty();
  }
}
