package io.concordat.homes.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of files that a killed process was writing. */
class SweepTest {
  private static final byte[] LONG = new byte[2 * NamedBlobs.INLINE_BYTES];

  @TempDir Path folder;

  private NamedBlobs blobs() {
    return new NamedBlobs(folder.resolve("blobs"), new NoDatabase());
  }

  /** As a process does that is killed in the middle: the stream is never closed. */
  private void begin(String name) throws IOException {
    OutputStream torn = blobs().create(name);
    torn.write(LONG);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("blobs"))) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.resolve("blobs").relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void halfAFileIsRemovedWithItsBytesAndWholeOnesStay() throws IOException {
    try (OutputStream out = blobs().create("contribution/whole")) {
      out.write(LONG);
    }
    try (OutputStream out = blobs().create("contribution/part-1")) {
      out.write(LONG);
    }
    begin("contribution/torn");
    begin("sums/7/torn");
    assertThat(files()).hasSize(4);
    assertThat(NamedBlobs.sweep(folder.resolve("blobs"))).isEqualTo(2L * LONG.length);
    assertThat(files()).containsExactly("contribution/part-1", "contribution/whole");
    assertThat(NamedBlobs.sweep(folder.resolve("blobs"))).isZero();
  }

  @Test
  void aLinkLeadsNowhere() throws IOException {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path kept = Files.write(elsewhere.resolve(".part-mine"), LONG);
    Path root = Files.createDirectories(folder.resolve("blobs"));
    Files.createSymbolicLink(root.resolve("linked"), elsewhere);
    Files.createSymbolicLink(root.resolve(".part-link"), kept);
    assertThat(NamedBlobs.sweep(root)).isZero();
    assertThat(kept).exists();
  }

  @Test
  void aHomeWithoutBlobsHasNothingToSweep() throws IOException {
    assertThat(NamedBlobs.sweep(folder.resolve("none"))).isZero();
  }
}
