package io.concordat.homes.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.homes.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareTokenTest {
  /** GraalVM's own mark of a native executable. */
  private static final String MARK = "org.graalvm.nativeimage.imagecode";

  @TempDir Path folder;

  @AfterEach
  void onJavaAgain() {
    System.clearProperty(MARK);
  }

  @Test
  void aNativeExecutableSaysThatItOpensNoTokenAndWritesNothingDown() throws IOException {
    Home home = new Home(folder.resolve("home"));
    Path library = Files.createFile(folder.resolve("module.so"));
    System.setProperty(MARK, "runtime");
    assertThatThrownBy(() -> HardwareToken.choose(home, library, 0, "4711"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a native executable opens no PKCS#11 token")
        .hasMessageContaining("on Java");
    assertThat(HardwareToken.isChosen(home)).isFalse();
    assertThat(home.root()).doesNotExist();
  }
}
