package io.concordat.aggregator.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.core.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentWritesTest {
  private final RecentWrites recent = new RecentWrites();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void saysNothingAboutWhatItHasNotSeen() {
    recent.committed(List.of(new Write.Append(7, bytes("seven"))));
    assertThat(recent.leaves(6, 10)).isEmpty();
    assertThat(recent.row("a")).isEmpty();
  }

  @Test
  void handsOutLeavesUpToTheNewest() {
    recent.committed(
        List.of(new Write.Append(7, bytes("seven")), new Write.Append(8, bytes("eight"))));
    assertThat(recent.leaves(7, 10).orElseThrow()).containsExactly(bytes("seven"), bytes("eight"));
    assertThat(recent.leaves(8, 1).orElseThrow()).containsExactly(bytes("eight"));
    assertThat(recent.leaves(9, 10).orElseThrow()).isEmpty();
    assertThat(recent.leaves(10, 10)).isEmpty();
  }

  @Test
  void aDeletedRowIsGone() {
    recent.committed(List.of(new Write.Put("a", bytes("1")), new Write.Put("b", bytes("2"))));
    recent.committed(List.of(new Write.Delete("a")));
    assertThat(recent.row("a")).isEmpty();
    assertThat(recent.row("b").orElseThrow()).isEqualTo(bytes("2"));
  }

  @Test
  void staysBoundedHoweverMuchIsWritten() {
    byte[] megabyte = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      recent.committed(List.of(new Write.Put("row/" + i, megabyte)));
    }
    assertThat(recent.row("row/0")).isEmpty();
    assertThat(recent.row("row/39")).isPresent();
    List<Write> leaves = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      leaves.add(new Write.Append(i, bytes("x")));
    }
    recent.committed(leaves);
    assertThat(recent.leaves(0, 1)).isEmpty();
    assertThat(recent.leaves(4999, 5).orElseThrow()).hasSize(1);
  }
}
