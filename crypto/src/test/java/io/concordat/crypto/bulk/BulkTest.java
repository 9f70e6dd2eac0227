package io.concordat.crypto.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkTest {
  @Test
  void headsAreTheGoldenBytes() throws DecodeException {
    VectorCase expected = Vectors.named("bulk/heads");
    for (BulkHead.Kind kind : BulkHead.Kind.values()) {
      BulkHead head = new BulkHead(kind, expected.number("bodyLength"));
      byte[] golden = expected.object("heads").hex("" + kind.code());
      assertThat(head.encode()).isEqualTo(golden);
      assertThat(BulkHead.decode(golden)).isEqualTo(head);
    }
  }

  @Test
  void refusesHeadsWithAnyOtherMagicVersionKindOrSign() {
    byte[] good = new BulkHead(BulkHead.Kind.CIPHERTEXT, 7).encode();
    for (int at : new int[] {0, 3, 4, 5, 6, 7, 15}) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) 0x80;
      assertThatThrownBy(() -> BulkHead.decode(bad)).isInstanceOf(DecodeException.class);
    }
    assertThatThrownBy(() -> BulkHead.decode(Arrays.copyOf(good, 15)))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void digestTreesAreThoseOfTheVectors() {
    for (VectorCase expected : Vectors.under("tree/")) {
      byte[] content = new byte[expected.integer("length")];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) (i % 251);
      }
      DigestTree tree = new DigestTree();
      // Uneven writes: the tree must not depend on how the bytes arrive.
      for (int at = 0; at < content.length; at += 1_000_003) {
        tree.write(content, at, Math.min(1_000_003, content.length - at));
      }
      assertThat(tree.root().hex()).isEqualTo(expected.string("root"));
      assertThat(tree.leaves().stream().map(Digest::hex).toList())
          .isEqualTo(expected.strings("leaves"));
      assertThat(tree.leaves().size()).isEqualTo(DigestTree.chunks(content.length));
      assertThat(DigestTree.of(content)).isEqualTo(tree.root());
    }
  }

  @Test
  void rootsAreThoseOfTheDefinitionForEveryNumberOfLeaves() {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 1; i <= 70; i++) {
      leaves.add(Digests.sha256("leaf " + i));
      assertThat(DigestTree.root(leaves)).as("%d leaves", i).isEqualTo(defined(leaves));
    }
  }

  /** RFC 9162, 2.1.1, word for word. */
  private static Digest defined(List<Digest> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    return Digests.sha256(
        new byte[] {1},
        defined(leaves.subList(0, k)).bytes(),
        defined(leaves.subList(k, leaves.size())).bytes());
  }

  @Test
  void digestsReadOnlyTheirOneTextForm() throws DecodeException {
    Digest digest = Digests.sha256("manifest");
    assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
    assertThat(digest.bytes()).isEqualTo(Vectors.named("fingerprint/key").hex("manifestDigest"));
    for (String bad :
        new String[] {
          digest.hex(),
          "sha256:" + digest.hex().substring(1),
          "sha256:" + HexFormat.of().withUpperCase().formatHex(digest.bytes()),
          "SHA256:" + digest.hex()
        }) {
      assertThatThrownBy(() -> Digest.parse(bad)).isInstanceOf(DecodeException.class);
    }
  }
}
