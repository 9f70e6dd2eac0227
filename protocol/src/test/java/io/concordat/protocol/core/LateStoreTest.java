package io.concordat.protocol.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.protocol.testing.MemoryRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LateStoreTest {
  private final MemoryRows disk = new MemoryRows();
  private final LateStore store = new LateStore(disk);

  private static Write put(String key, String value) {
    return new Write.Put(key, value.getBytes(UTF_8));
  }

  private static Optional<String> text(Optional<byte[]> row) {
    return row.map(bytes -> new String(bytes, UTF_8));
  }

  @Test
  void showsWhatItHoldsAndTheDiskDoesNot() {
    disk.commit(List.of(put("a/1", "old"), put("a/2", "stays"), put("a/3", "goes")));
    store.hold(List.of(put("a/1", "new"), new Write.Delete("a/3"), put("a/4", "more")));
    assertThat(text(store.get("a/1"))).contains("new");
    assertThat(text(disk.get("a/1"))).contains("old");
    assertThat(store.get("a/3")).isEmpty();
    assertThat(store.scan("a/").keySet()).containsExactly("a/1", "a/2", "a/4");
    assertThat(disk.scan("a/").keySet()).containsExactly("a/1", "a/2", "a/3");
  }

  @Test
  void flushesEverythingInTheOrderItCame() {
    store.hold(List.of(put("a", "1")));
    store.hold(List.of(new Write.Delete("a"), put("b", "2"), put("b", "3")));
    assertThat(store.isEmpty()).isFalse();
    assertThat(store.flush()).hasSize(4);
    assertThat(store.isEmpty()).isTrue();
    assertThat(disk.get("a")).isEmpty();
    assertThat(text(disk.get("b"))).contains("3");
    assertThat(store.flush()).isEmpty();
  }

  @Test
  void aFailedFlushKeepsAllUntilItIsDropped() {
    disk.commit(List.of(put("a", "old")));
    store.hold(List.of(put("a", "new")));
    assertThatThrownBy(() ->
            store.flush(writes -> {
              throw new UncheckedIOException(new IOException("no space"));
            }))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(text(store.get("a"))).contains("new");
    store.drop();
    assertThat(text(store.get("a"))).contains("old");
    assertThat(store.isEmpty()).isTrue();
  }

  @Test
  void leavesGoOnWhereTheDiskEnds() {
    store.commit(List.of(new Write.Append(0, new byte[] {0}), new Write.Append(1, new byte[] {1})));
    store.hold(List.of(new Write.Append(2, new byte[] {2}), new Write.Append(3, new byte[] {3})));
    assertThat(store.leaves(0, 10)).extracting(leaf -> leaf[0]).containsExactly(bytes(0, 1, 2, 3));
    assertThat(store.leaves(1, 2)).extracting(leaf -> leaf[0]).containsExactly(bytes(1, 2));
    assertThat(store.leaves(3, 5)).extracting(leaf -> leaf[0]).containsExactly(bytes(3));
    assertThat(store.leaves(4, 5)).isEmpty();
    assertThat(disk.leaves(0, 10)).hasSize(2);
  }

  private static Byte[] bytes(int... values) {
    Byte[] out = new Byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }
}
