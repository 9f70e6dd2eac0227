package io.concordat.audit.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TestKeys;
import io.concordat.audit.TlogVectors;
import io.concordat.audit.merkle.InclusionProof;
import io.concordat.audit.merkle.MerkleTree;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.audit.note.KnownKeys;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.NoteVerdict;
import io.concordat.audit.note.SignedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReceiptTest {
  private final TlogVectors vectors = TlogVectors.load();
  private final String text = vectors.text("tlog_proof_index4");
  private final List<byte[]> entries = vectors.entries();

  @Test
  void theReceiptOfTheVectorsReadsWritesBackAndIncludesItsEntryAlone() throws LogFormatException {
    Receipt receipt = Receipt.parse(utf8(text));
    assertThat(receipt.toString()).isEqualTo(text);
    assertThat(receipt.extra()).isEmpty();
    for (int i = 0; i < entries.size(); i++) {
      assertThat(receipt.includes(entries.get(i))).isEqualTo(i == 4);
    }
  }

  @Test
  void aReceiptMadeHereIsTheOneOfTheVectors() throws LogFormatException {
    MerkleTree tree = new MerkleTree();
    entries.forEach(tree::append);
    SignedCheckpoint head = SignedCheckpoint.parse(vectors.text("checkpoint"));
    assertThat(new Receipt(new byte[0], tree.inclusion(4, 7), head).toString()).isEqualTo(text);
  }

  @Test
  void extraDataTravelsAlong() throws LogFormatException {
    Receipt plain = Receipt.parse(utf8(text));
    Receipt receipt = new Receipt(utf8("room 12"), plain.proof(), plain.checkpoint());
    assertThat(Receipt.parse(receipt.toBytes())).isEqualTo(receipt).isNotEqualTo(plain);
    assertThat(receipt.extra()).asString(StandardCharsets.UTF_8).isEqualTo("room 12");
  }

  @Test
  void aOneEntryLogHasAReceiptWithoutHashes() throws LogFormatException {
    String root = TreeHash.leaf(entries.getFirst()).base64();
    String only = "c2sp.org/tlog-proof@v1\nindex 0\n\no\n1\n" + root + "\n\n— n AAAAAAA=\n";
    Receipt receipt = Receipt.parse(utf8(only));
    assertThat(receipt.includes(entries.getFirst())).isTrue();
    assertThat(receipt.toString()).isEqualTo(only);
  }

  @Test
  void flippingAnyBitOfAReceiptNeverYieldsAnotherThatConvinces() throws LogFormatException {
    KnownKeys log = KnownKeys.of(List.of(NoteKey.parse(vectors.text("log_vkey"))));
    byte[] good = utf8(text);
    int signatures = text.indexOf('\u2014');
    byte[] entry = entries.get(4);
    for (int at = 0; at < utf8(text.substring(0, signatures)).length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] mutant = good.clone();
        mutant[at] ^= (byte) (1 << bit);
        boolean convinces;
        try {
          Receipt receipt = Receipt.parse(mutant);
          convinces =
              receipt.includes(entry)
                  && log.verify(receipt.checkpoint(), TestKeys.VERIFIER)
                      instanceof NoteVerdict.Verified;
        } catch (LogFormatException e) {
          convinces = false;
        }
        assertThat(convinces).as("byte %d, bit %d", at, bit).isFalse();
      }
    }
  }

  @Test
  void refusesReceiptsThatAreNotExactly() {
    String hash = "QDHswf2VTe0IP7D4th9OsP6We0HbOiQ0PG+4+4nSdos=\n";
    for (String bad :
        List.of(
            "",
            "\n\n",
            text.replace("@v1", "@v2"),
            text.replace("index 4", "index 04"),
            text.replace("index 4", "index 7"),
            text.replace("index 4", "index 9223372036854775807"),
            text.replace("index 4", "index"),
            text.replace("index 4\n", ""),
            text.replace("index 4\n", "index 4\nindex 4\n"),
            text.replace("index 4\n", "extra \nindex 4\n"),
            text.replace("index 4\n", "extra AB==\nindex 4\n"),
            text.replace("index 4\n", "extra AAAA\nextra AAAA\nindex 4\n"),
            text.replace("index 4\n", "index 4\n" + hash.repeat(61)),
            text.replace("index 4\n", "index 4\n\n"),
            text.replace("\n\n", "\n"),
            text.replace("\n", "\r\n"),
            text + "\n",
            text.substring(0, text.length() - 1))) {
      assertThatThrownBy(() -> Receipt.parse(utf8(bad)))
          .as(bad)
          .isInstanceOf(LogFormatException.class);
    }
    assertThatThrownBy(() -> Receipt.parse(new byte[2_000_000]))
        .isInstanceOf(LogFormatException.class);
  }

  @Test
  void refusesAProofForAnotherSizeThanTheCheckpoints() throws LogFormatException {
    Receipt receipt = Receipt.parse(utf8(text));
    InclusionProof other = new InclusionProof(4, 8, receipt.proof().path());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Receipt(new byte[0], other, receipt.checkpoint()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Receipt(new byte[65_537], receipt.proof(), receipt.checkpoint()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
