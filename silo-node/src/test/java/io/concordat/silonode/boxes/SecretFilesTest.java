package io.concordat.silonode.boxes;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.secret.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  private static final Digest JOB = Digests.sha256(new byte[] {1});
  private static final Digest OTHER = Digests.sha256(new byte[] {2});

  @TempDir Path temp;

  private Path folder;
  private SecretFiles secrets;

  @BeforeEach
  void create() throws IOException {
    folder = temp.resolve("boxes");
    SecretFile.createFolder(folder);
    secrets = new SecretFiles(folder);
  }

  @Test
  void keepsASecretForItsOwnerAlone() throws IOException {
    secrets.store(JOB, 1, secret(7));
    assertThat(secrets.load(JOB, 1).orElseThrow()).isEqualTo(secret(7));
    for (Path file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void neverReplacesASecretWhosePublicHalfMayBeKnown() throws IOException {
    secrets.store(JOB, 1, secret(7));
    secrets.store(JOB, 1, secret(8));
    assertThat(secrets.load(JOB, 1).orElseThrow()).isEqualTo(secret(7));
  }

  @Test
  void erasesEpochsUpToTheOneNamedAndNoOthers() throws IOException {
    secrets.store(JOB, 1, secret(1));
    secrets.store(JOB, 2, secret(2));
    secrets.store(JOB, 10, secret(3));
    secrets.store(OTHER, 1, secret(4));
    secrets.erase(JOB, 2);
    assertThat(secrets.load(JOB, 1)).isEmpty();
    assertThat(secrets.load(JOB, 2)).isEmpty();
    assertThat(secrets.load(JOB, 10)).isPresent();
    assertThat(secrets.load(OTHER, 1)).isPresent();
    secrets.erase(JOB, 2);
  }

  @Test
  void leavesNoByteOfAnErasedSecretInItsPlace() throws IOException {
    secrets.store(JOB, 1, secret(7));
    // A second name for the same place on the disk shows what became of the bytes.
    Path witness = temp.resolve("witness");
    Files.createLink(witness, files().getFirst());
    assertThat(Files.readAllBytes(witness)).isEqualTo(secret(7));
    secrets.erase(JOB, 1);
    assertThat(files()).isEmpty();
    assertThat(Files.readAllBytes(witness)).doesNotContain((byte) 7);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static byte[] secret(int value) {
    byte[] secret = new byte[32];
    java.util.Arrays.fill(secret, (byte) value);
    return secret;
  }
}
