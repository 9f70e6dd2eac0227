package io.concordat.homes.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk with room for some of a file only. */
class FullDiskTest {
  private static final String NAME = "prepared/0123";
  private static final byte[] PIECE = new byte[100_000];

  @TempDir Path folder;
  private long room;

  private NamedBlobs blobs() {
    return new NamedBlobs(folder, new NoDatabase(), Narrow::new);
  }

  private void write(int pieces) throws IOException {
    try (OutputStream out = blobs().create(NAME)) {
      for (int i = 0; i < pieces; i++) {
        out.write(PIECE);
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aFileThatDidNotFitHasNoNameAndLeavesNothing() throws IOException {
    for (long enough : new long[] {0, 1, 299_999, 300_000, 899_999}) {
      room = enough;
      assertThatThrownBy(() -> write(10))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
      assertThat(files()).as("after room for %d bytes", enough).isEmpty();
    }
  }

  @Test
  void aFileThatCouldNotBeFlushedHasNoNameEither() throws IOException {
    room = Narrow.FAILS_AT_FLUSH;
    assertThatThrownBy(() -> write(10)).hasMessageContaining("No space left on device");
    assertThat(files()).isEmpty();
  }

  @Test
  void theSameFileIsWrittenOnceThereIsRoomAgain() throws IOException {
    room = 500_000;
    assertThatThrownBy(() -> write(10)).isInstanceOf(IOException.class);
    room = 1_000_000;
    write(10);
    assertThat(files()).singleElement().satisfies(f -> assertThat(Files.size(f)).isEqualTo(room));
  }

  @Test
  void anEarlierFileStaysWholeWhenItsReplacementDidNotFit() throws IOException {
    room = 1_000_000;
    write(10);
    room = 400_000;
    assertThatThrownBy(() -> write(10)).isInstanceOf(IOException.class);
    assertThat(files())
        .singleElement()
        .satisfies(f -> assertThat(Files.size(f)).isEqualTo(1_000_000));
  }

  /** Takes bytes as long as there is room. */
  private final class Narrow implements NamedBlobs.Part {
    static final long FAILS_AT_FLUSH = -1;

    private final Path file;
    private long written;

    Narrow(Path file) {
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      byte[] some = java.util.Arrays.copyOfRange(bytes, offset, offset + count);
      int fits = room < 0 ? count : (int) Math.min(count, room - written);
      Files.write(file, java.util.Arrays.copyOf(some, fits), StandardOpenOption.APPEND);
      written += fits;
      if (fits < count) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void flush() throws IOException {
      if (room == FAILS_AT_FLUSH) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void close() {}
  }
}
