package io.concordat.silonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayWatchTest {
  private static final String RULES = "schema: site/1\nfederation: cardio-demo\n";

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("overlay.yaml");
  }

  @Test
  void isContentWithTheFileThatTheNodeStartedWith() throws IOException {
    assertThat(new OverlayWatch(file).trouble()).as("none then, none now").isEmpty();
    Files.writeString(file, RULES);
    assertThat(new OverlayWatch(file).trouble()).isEmpty();
  }

  @Test
  void saysThatAFileCameWhileTheNodeRan() throws IOException {
    OverlayWatch watch = new OverlayWatch(file);
    Files.writeString(file, RULES);
    assertThat(watch.trouble()).hasValueSatisfying(OverlayWatchTest::namesFileAndRemedy);
  }

  @Test
  void saysThatTheFileWentAndIsContentWhenItIsBack() throws IOException {
    Files.writeString(file, RULES);
    OverlayWatch watch = new OverlayWatch(file);
    Files.delete(file);
    assertThat(watch.trouble()).hasValueSatisfying(OverlayWatchTest::namesFileAndRemedy);
    // Written anew with another date: the bytes are what holds.
    Files.writeString(file, RULES);
    assertThat(watch.trouble()).isEmpty();
  }

  @Test
  void noticesASingleChangedByte() throws IOException {
    Files.writeString(file, RULES);
    OverlayWatch watch = new OverlayWatch(file);
    Files.writeString(file, RULES.replace("demo", "dema"));
    assertThat(watch.trouble()).hasValueSatisfying(OverlayWatchTest::namesFileAndRemedy);
  }

  @Test
  void aFileThatCannotBeReadIsATroubleAndNoFailure() throws IOException {
    Files.writeString(file, RULES);
    OverlayWatch watch = new OverlayWatch(file);
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(watch.trouble())
        .hasValueSatisfying(words -> assertThat(words).contains("cannot be read"));
  }

  private static void namesFileAndRemedy(String words) {
    assertThat(words).contains("overlay.yaml", "which still holds", "restart it");
  }
}
