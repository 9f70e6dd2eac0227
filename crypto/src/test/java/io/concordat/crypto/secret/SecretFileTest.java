package io.concordat.crypto.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
  @TempDir Path folder;

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    Path file = folder.resolve("keys/one");
    SecretFile.write(file, new byte[] {1, 2, 3});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(SecretFile.read(file, 3)).containsExactly(1, 2, 3);
  }

  @Test
  void replacesWithoutLeavingDrafts() throws IOException {
    Path file = folder.resolve("one");
    SecretFile.write(file, new byte[] {1});
    SecretFile.write(file, new byte[] {2, 2});
    assertThat(SecretFile.read(file, 8)).containsExactly(2, 2);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void refusesAFileThatOthersCanRead() throws IOException {
    Path file = folder.resolve("one");
    SecretFile.write(file, new byte[1]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> SecretFile.read(file, 8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rw-r-----")
        .hasMessageContaining("chmod 600");
  }

  @Test
  void refusesAFileBeyondItsBound() throws IOException {
    Path file = folder.resolve("one");
    SecretFile.write(file, new byte[9]);
    assertThatThrownBy(() -> SecretFile.read(file, 8)).hasMessageContaining("at most 8");
  }

  @Test
  void erasesTheContentUnderEveryName() throws IOException {
    Path file = folder.resolve("one");
    byte[] content = new byte[10_000];
    java.util.Arrays.fill(content, (byte) 7);
    SecretFile.write(file, content);
    Path second = folder.resolve("second-name");
    Files.createLink(second, file);
    SecretFile.erase(file);
    assertThat(file).doesNotExist();
    assertThat(Files.readAllBytes(second)).containsOnly(0).hasSize(10_000);
    SecretFile.erase(file);
  }
}
