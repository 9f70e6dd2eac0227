package io.concordat.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TlogVectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MerkleTreeTest {
  /** MTH of RFC 9162 section 2.1.1, written down as it stands there. */
  static TreeHash slowRoot(List<byte[]> entries) {
    int n = entries.size();
    if (n == 0) {
      return TreeHash.emptyTree();
    }
    if (n == 1) {
      return TreeHash.leaf(entries.getFirst());
    }
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return TreeHash.node(slowRoot(entries.subList(0, k)), slowRoot(entries.subList(k, n)));
  }

  static List<byte[]> entries(int count) {
    List<byte[]> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(("entry " + i).getBytes(StandardCharsets.UTF_8));
    }
    return entries;
  }

  @Test
  void emptyTreeHasTheHashOfNothing() {
    assertThat(MerkleFrontier.empty().root().toString())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(new MerkleTree().root()).isEqualTo(TreeHash.emptyTree());
    assertThat(TreeHash.leaf(new byte[0]).toString())
        .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  }

  @Test
  void rootsOfTheWellKnownEightLeavesAreThoseOfCertificateTransparency() {
    MerkleFrontier frontier = MerkleFrontier.empty();
    for (String hex :
        List.of(
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f")) {
      frontier = frontier.append(HexFormat.of().parseHex(hex));
    }
    assertThat(frontier.root().toString())
        .isEqualTo("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  }

  @Test
  void vectorsGiveTheirLeavesAndRoot() {
    TlogVectors vectors = TlogVectors.load();
    assertThat(vectors.entries().stream().map(e -> TreeHash.leaf(e).toString()))
        .isEqualTo(vectors.texts("leaf_hashes"));
    assertThat(MerkleFrontier.empty().appendAll(vectors.entries()).root().toString())
        .isEqualTo(vectors.text("root_hex"));
  }

  @Test
  void frontierAndTreeAgreeWithTheDefinitionAtEverySize() {
    MerkleFrontier frontier = MerkleFrontier.empty();
    MerkleTree tree = new MerkleTree();
    List<byte[]> entries = entries(300);
    for (int size = 0; size <= entries.size(); size++) {
      TreeHash expected = slowRoot(entries.subList(0, size));
      assertThat(frontier.size()).isEqualTo(size);
      assertThat(frontier.root()).as("frontier at %d", size).isEqualTo(expected);
      assertThat(tree.root()).as("tree at %d", size).isEqualTo(expected);
      assertThat(MerkleFrontier.of(tree, size)).isEqualTo(frontier);
      if (size < entries.size()) {
        frontier = frontier.append(entries.get(size));
        tree.append(entries.get(size));
      }
    }
    for (int size = 0; size <= entries.size(); size += 7) {
      assertThat(tree.rootAt(size)).isEqualTo(slowRoot(entries.subList(0, size)));
    }
  }

  @Test
  void appendingLeavesTheOldFrontierAsItWas() {
    MerkleFrontier before = MerkleFrontier.empty().appendAll(entries(7));
    TreeHash root = before.root();
    before.append(new byte[] {1});
    assertThat(before.root()).isEqualTo(root);
    assertThat(before.size()).isEqualTo(7);
  }

  @Test
  void frontierGoesOnFromItsBytes() throws LogFormatException {
    List<byte[]> entries = entries(70);
    for (int size = 0; size <= 70; size++) {
      MerkleFrontier frontier = MerkleFrontier.empty().appendAll(entries.subList(0, size));
      MerkleFrontier restored = MerkleFrontier.fromBytes(frontier.toBytes());
      assertThat(restored).isEqualTo(frontier);
      assertThat(restored.appendAll(entries.subList(size, 70)).root()).isEqualTo(slowRoot(entries));
    }
  }

  @Test
  void refusesFrontierBytesOfAnotherLengthOrANegativeSize() {
    byte[] bytes = MerkleFrontier.empty().appendAll(entries(11)).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MerkleFrontier.fromBytes(cut))
          .isInstanceOf(LogFormatException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> MerkleFrontier.fromBytes(longer))
        .isInstanceOf(LogFormatException.class);
    byte[] negative = new byte[8 + 32];
    negative[0] = (byte) 0x80;
    assertThatThrownBy(() -> MerkleFrontier.fromBytes(negative))
        .isInstanceOf(LogFormatException.class)
        .hasMessageContaining("2^63");
  }

  @Test
  void anInnerNodeIsNoEntry() {
    MerkleFrontier two = MerkleFrontier.empty().appendAll(entries(2));
    byte[] both = new byte[64];
    TreeHash.leaf(entries(2).get(0)).copyTo(both, 0);
    TreeHash.leaf(entries(2).get(1)).copyTo(both, 32);
    assertThat(TreeHash.leaf(both)).isNotEqualTo(two.root());
  }

  @Test
  void refusesHashesOfAnotherLengthAndPlacesOutsideTheTree() {
    assertThatIllegalArgumentException().isThrownBy(() -> TreeHash.of(new byte[31]));
    MerkleTree tree = new MerkleTree();
    entries(5).forEach(tree::append);
    assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusion(5, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusion(-1, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusion(0, 6));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.consistency(5, 6));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.rootAt(6));
    assertThatIllegalArgumentException().isThrownBy(() -> tree.hash(2, 1));
  }
}
