package io.concordat.audit.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TestKeys;
import io.concordat.audit.TlogVectors;
import io.concordat.audit.merkle.TreeHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoteTest {
  private static final String SIGNED_NOTE_EXAMPLE =
      "This is an example message.\n\n— example.com/foo"
          + " Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72"
          + "IneyaQM=\n";
  private static final String EXAMPLE_KEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private final TlogVectors vectors = TlogVectors.load();

  @Test
  void theExampleOfTheSpecificationIsReadAndItsSignatureHolds() throws LogFormatException {
    SignedNote note = SignedNote.parse(utf8(SIGNED_NOTE_EXAMPLE));
    NoteKey key = NoteKey.parse(EXAMPLE_KEY);
    assertThat(note.text()).isEqualTo("This is an example message.\n");
    assertThat(note.toString()).isEqualTo(SIGNED_NOTE_EXAMPLE);
    assertThat(key.made(note.signatures().getFirst())).isTrue();
    assertThat(
            TestKeys.VERIFIER.verify(
                SignatureType.Algorithm.ED25519,
                key.publicKey(),
                utf8(note.text()),
                note.signatures().getFirst().signature()))
        .isTrue();
    assertThat(key.line()).isEqualTo(EXAMPLE_KEY);
  }

  @Test
  void everyKeyLineOfTheVectorsReadsAndWritesBack() throws LogFormatException {
    for (String line :
        List.of(
            vectors.text("log_vkey"),
            vectors.text("witnesses", 0, "vkey"),
            vectors.text("witnesses", 1, "vkey"),
            vectors.text("mldsa44", "vkey"))) {
      assertThat(NoteKey.parse(line).line()).isEqualTo(line);
    }
  }

  @Test
  void keyLinesOfMadeKeysAreThoseOfTheVectors() {
    TestKeys log = TestKeys.ed25519("log.example.org/aggregator-1", SignatureType.ED25519, 1);
    TestKeys witness = TestKeys.ed25519("hospital-a.example/w1", SignatureType.COSIGNATURE_V1, 2);
    assertThat(log.key().line()).isEqualTo(vectors.text("log_vkey"));
    assertThat(witness.key().line()).isEqualTo(vectors.text("witnesses", 0, "vkey"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "++",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+",
        "example.com /foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"
      })
  void refusesKeyLinesThatAreNotExactly(String line) {
    assertThatThrownBy(() -> NoteKey.parse(line))
        .isInstanceOf(LogFormatException.class)
        .hasMessageStartingWith("key line");
  }

  @Test
  void refusesNotesThatAreNotExactly() {
    String good = vectors.text("checkpoint");
    List<String> bad = new ArrayList<>();
    bad.add("");
    bad.add("\n");
    bad.add("\n\n");
    bad.add(good.substring(0, good.length() - 1));
    bad.add(good + "\n");
    bad.add(good + "more\n");
    bad.add(good.replace("\n\n", "\n"));
    bad.add(good.replace("—", "-"));
    bad.add(good.replace("—", "\u2013"));
    bad.add(good.replace("— ", "—"));
    bad.add(good.replace("— ", "—  "));
    bad.add(good.replace("\n", "\r\n"));
    bad.add(good.replaceFirst("aggregator-1", "aggregator\t1"));
    bad.add(good.replace("yw=\n", "yw\n"));
    bad.add(good.replace("BA==\n", "BB==\n"));
    bad.add(vectors.text("checkpoint_text"));
    bad.add(vectors.text("checkpoint_text") + "\n");
    bad.add(vectors.text("checkpoint_text") + "\n— name AAAAAA==\n");
    bad.add(vectors.text("checkpoint_text") + "\n— a+b AAAAAAA=\n");
    bad.add(vectors.text("checkpoint_text") + "\n— a\u00a0b AAAAAAA=\n");
    bad.add(vectors.text("checkpoint_text") + "\n—  AAAAAAA=\n");
    for (String note : bad) {
      if (!note.equals(good)) {
        assertThatThrownBy(() -> SignedNote.parse(utf8(note)))
            .as(note)
            .isInstanceOf(LogFormatException.class);
      }
    }
  }

  @Test
  void refusesIllFormedUtf8AndOversizedNotes() {
    byte[] bytes = utf8(vectors.text("checkpoint"));
    byte[] broken = bytes.clone();
    broken[3] = (byte) 0xff;
    assertThatThrownBy(() -> SignedNote.parse(broken))
        .isInstanceOf(LogFormatException.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> SignedNote.parse(new byte[SignedNote.MAX_BYTES + 1]))
        .isInstanceOf(LogFormatException.class)
        .hasMessageContaining("at most");
    assertThatThrownBy(() -> SignedCheckpoint.parse("\ud800\n"))
        .isInstanceOf(LogFormatException.class);
  }

  @Test
  void aTextWithEmptyLinesEndsAtTheLastOne() throws LogFormatException {
    SignedNote note = SignedNote.parse(utf8("a\n\nb\n\n\n— n AAAAAAA=\n"));
    assertThat(note.text()).isEqualTo("a\n\nb\n\n");
  }

  @Test
  void acceptsOneHundredSignaturesAndNotOneMore() throws LogFormatException {
    String text = vectors.text("checkpoint_text") + "\n";
    String line = vectors.text("mldsa44", "line");
    assertThat(SignedNote.parse(utf8(text + line.repeat(100))).signatures()).hasSize(100);
    assertThatThrownBy(() -> SignedNote.parse(utf8(text + line.repeat(101))))
        .isInstanceOf(LogFormatException.class)
        .hasMessageContaining("more than 100");
  }

  @Test
  void addingSignaturesKeepsTheOldOnesAndDropsRepeats() throws LogFormatException {
    SignedCheckpoint all = SignedCheckpoint.parse(vectors.text("checkpoint"));
    SignedCheckpoint one =
        new SignedCheckpoint(all.checkpoint(), List.of(all.signatures().getFirst()));
    assertThat(one.with(all.signatures())).isEqualTo(all);
    assertThat(all.with(all.signatures()).toString()).isEqualTo(vectors.text("checkpoint"));
  }

  @Test
  void theCheckpointOfTheVectorsReadsAndWritesBack() throws LogFormatException {
    SignedCheckpoint signed = SignedCheckpoint.parse(vectors.text("checkpoint"));
    assertThat(signed.checkpoint().size()).isEqualTo(7);
    assertThat(signed.checkpoint().root().toString()).isEqualTo(vectors.text("root_hex"));
    assertThat(signed.checkpoint().text()).isEqualTo(vectors.text("checkpoint_text"));
    assertThat(signed.toBytes()).isEqualTo(utf8(vectors.text("checkpoint")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "o\n",
        "o\n7\n",
        "\n7\nROOT\n",
        "o\n07\nROOT\n",
        "o\n+7\nROOT\n",
        "o\n-7\nROOT\n",
        "o\n 7\nROOT\n",
        "o\n٧\nROOT\n",
        "o\n\nROOT\n",
        "o\n9223372036854775808\nROOT\n",
        "o\n18446744073709551615\nROOT\n",
        "o\n7\nROOT",
        "o\n7\nROOT\n\n",
        "o\n7\nROOT\nextension\n",
        "o\n7\nROO=\n",
        "o\n7\nAAAA\n",
        "o\n7\nROOT \n"
      })
  void refusesCheckpointsThatAreNotExactly(String text) {
    String root = TreeHash.emptyTree().base64();
    assertThatThrownBy(() -> Checkpoint.parse(text.replace("ROOT", root)))
        .isInstanceOf(LogFormatException.class)
        .hasMessageStartingWith("checkpoint");
  }

  @Test
  void refusesOriginsTheMldsaMessageCannotHold() throws LogFormatException {
    String root = TreeHash.emptyTree().base64();
    String longest = "ü".repeat(127) + "o";
    assertThat(Checkpoint.parse(longest + "\n0\n" + root + "\n").origin()).isEqualTo(longest);
    assertThatThrownBy(() -> Checkpoint.parse("ü".repeat(128) + "\n0\n" + root + "\n"))
        .isInstanceOf(LogFormatException.class)
        .hasMessageContaining("255");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Checkpoint("", 0, TreeHash.emptyTree()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Checkpoint("o", -1, TreeHash.emptyTree()));
  }

  @Test
  void twoCheckpointsConflictByRootAtOneSizeAndByNothingElse() {
    TreeHash a = TreeHash.leaf(new byte[] {1});
    TreeHash b = TreeHash.leaf(new byte[] {2});
    Checkpoint head = new Checkpoint("o", 4, a);
    assertThat(head.conflictsWith(new Checkpoint("o", 4, b))).isTrue();
    assertThat(head.conflictsWith(new Checkpoint("o", 4, a))).isFalse();
    assertThat(head.conflictsWith(new Checkpoint("o", 5, b))).isFalse();
    assertThat(head.conflictsWith(new Checkpoint("p", 4, b))).isFalse();
  }

  @Test
  void noMutationOfANoteEndsInAnythingButAFormatError() {
    long seed = 20_260_701L;
    Random random = new Random(seed);
    byte[] good = utf8(vectors.text("checkpoint"));
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = good.clone();
      for (int j = random.nextInt(3); j >= 0; j--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      try {
        SignedCheckpoint parsed = SignedCheckpoint.parse(mutant);
        assertThat(parsed.toBytes()).as("seed %d, case %d", seed, i).isEqualTo(mutant);
      } catch (LogFormatException e) {
        assertThat(e.getMessage()).as("seed %d, case %d", seed, i).hasSizeLessThan(200);
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
