package io.concordat.audit.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TestKeys;
import io.concordat.audit.TlogVectors;
import io.concordat.audit.merkle.TreeHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckpointSignaturesTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_790_000_000L);
  private static final String ORIGIN = "log.example.org/aggregator-1";

  private final TlogVectors vectors = TlogVectors.load();
  private final TestKeys log = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 1);
  private final TestKeys witnessA =
      TestKeys.ed25519("hospital-a.example/w1", SignatureType.COSIGNATURE_V1, 2);
  private final TestKeys witnessB =
      TestKeys.ed25519("bank-b.example/w1", SignatureType.COSIGNATURE_V1, 3);
  private final Checkpoint checkpoint;

  CheckpointSignaturesTest() throws LogFormatException {
    checkpoint = Checkpoint.parse(vectors.text("checkpoint_text"));
  }

  @Test
  void signaturesAreThoseOfTheVectorsToTheLastByte() {
    assertThat(new SignedCheckpoint(checkpoint, sign(log, witnessA, witnessB)).toString())
        .isEqualTo(vectors.text("checkpoint"));
  }

  @Test
  void messagesAreThoseOfTheVectors() throws LogFormatException {
    assertThat(CheckpointSignatures.message(witnessA.key(), checkpoint, TIME))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(vectors.text("witnesses", 0, "signed_message"));
    NoteKey mlDsa = NoteKey.parse(vectors.text("mldsa44", "vkey"));
    assertThat(CheckpointSignatures.message(mlDsa, checkpoint, TIME))
        .isEqualTo(HexFormat.of().parseHex(vectors.text("mldsa44", "signed_message_hex")));
  }

  @Test
  void thePostQuantumSignatureOfTheVectorsHolds() throws LogFormatException {
    NoteKey key = NoteKey.parse(vectors.text("mldsa44", "vkey"));
    SignatureLine line = SignatureLine.parse(vectors.text("mldsa44", "line"));
    assertThat(line.line()).isEqualTo(vectors.text("mldsa44", "line"));
    assertThat(
            KnownKeys.of(List.of(key))
                .verify(new SignedCheckpoint(checkpoint, List.of(line)), TestKeys.VERIFIER))
        .isInstanceOf(NoteVerdict.Verified.class);
  }

  @Test
  void aPostQuantumSignatureHoldsForItsNameAndHeadOnly() {
    TestKeys key = TestKeys.mlDsa44("hospital-a.example/pq");
    SignatureLine line = CheckpointSignatures.sign(key.key(), key.signer(), checkpoint, TIME);
    KnownKeys known = KnownKeys.of(List.of(key.key()));
    assertThat(verdict(known, checkpoint, line)).isInstanceOf(NoteVerdict.Verified.class);
    for (Checkpoint other : others()) {
      assertThat(verdict(known, other, line)).isInstanceOf(NoteVerdict.BadSignature.class);
    }
    NoteKey renamed = NoteKey.of("hospital-b.example/pq", key.key().type(), key.key().publicKey());
    assertThat(
            verdict(
                KnownKeys.of(List.of(renamed)),
                checkpoint,
                SignatureLine.of(renamed, line.signature())))
        .isInstanceOf(NoteVerdict.BadSignature.class);
  }

  @Test
  void everySignatureIsBoundToOriginSizeAndRoot() {
    for (TestKeys keys : List.of(log, witnessA)) {
      SignatureLine line = sign(keys).getFirst();
      KnownKeys known = KnownKeys.of(List.of(keys.key()));
      assertThat(verdict(known, checkpoint, line)).isInstanceOf(NoteVerdict.Verified.class);
      for (Checkpoint other : others()) {
        assertThat(verdict(known, other, line)).isInstanceOf(NoteVerdict.BadSignature.class);
      }
    }
  }

  @Test
  void flippingAnyByteOfASignatureRejectsTheNoteOrMakesItsKeyUnknown() throws LogFormatException {
    KnownKeys known = KnownKeys.of(List.of(log.key(), witnessA.key(), witnessB.key()));
    byte[] good = vectors.text("checkpoint").getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] mutant = good.clone();
        mutant[at] ^= (byte) (1 << bit);
        NoteVerdict verdict;
        try {
          verdict = known.verify(SignedCheckpoint.parse(mutant), TestKeys.VERIFIER);
        } catch (LogFormatException e) {
          continue;
        }
        if (verdict instanceof NoteVerdict.Verified verified) {
          // A changed name or key id makes one line a stranger's; the others still hold.
          assertThat(verified.signatures()).as("byte %d, bit %d", at, bit).hasSize(2);
        }
      }
    }
  }

  @Test
  void unknownKeysAreIgnoredEvenIfTheyShareANameOrAnId() {
    TestKeys sameName = TestKeys.ed25519(ORIGIN, SignatureType.ED25519, 9);
    List<SignatureLine> lines = new ArrayList<>(sign(sameName, log, witnessB));
    NoteVerdict verdict =
        KnownKeys.of(List.of(log.key(), witnessA.key()))
            .verify(new SignedCheckpoint(checkpoint, lines), TestKeys.VERIFIER);
    assertThat(verdict).isEqualTo(new NoteVerdict.Verified(List.of(verified(log, lines.get(1)))));
    assertThat(
            KnownKeys.of(List.of(witnessA.key()))
                .verify(new SignedCheckpoint(checkpoint, lines), TestKeys.VERIFIER))
        .isEqualTo(new NoteVerdict.NoKnownSignature());
  }

  @Test
  void oneBadSignatureOfAKnownKeyRejectsEvenBesideAGoodOneOfIt() {
    SignatureLine good = sign(witnessA).getFirst();
    byte[] broken = good.signature();
    broken[70] ^= 1;
    SignatureLine bad = SignatureLine.of(witnessA.key(), broken);
    KnownKeys known = KnownKeys.of(List.of(log.key(), witnessA.key()));
    for (List<SignatureLine> lines : List.of(List.of(good, bad), List.of(bad, good))) {
      assertThat(known.verify(new SignedCheckpoint(checkpoint, lines), TestKeys.VERIFIER))
          .isEqualTo(new NoteVerdict.BadSignature(witnessA.key()));
    }
  }

  @Test
  void oneKeyCountsOnceWithItsNewestTime() {
    SignatureLine early = sign(witnessA).getFirst();
    SignatureLine late =
        CheckpointSignatures.sign(
            witnessA.key(), witnessA.signer(), checkpoint, TIME.plusSeconds(5));
    NoteVerdict verdict =
        KnownKeys.of(List.of(witnessA.key()))
            .verify(new SignedCheckpoint(checkpoint, List.of(late, early)), TestKeys.VERIFIER);
    assertThat(verdict).isInstanceOf(NoteVerdict.Verified.class);
    NoteVerdict.Verified verified = (NoteVerdict.Verified) verdict;
    assertThat(verified.signatures()).hasSize(1);
    assertThat(verified.signatures().getFirst().second()).hasValue(1_790_000_005L);
    assertThat(verified.isBy(witnessA.key())).isTrue();
    assertThat(verified.isBy(witnessB.key())).isFalse();
  }

  @Test
  void aCosignatureWithoutADateOrWithOneBeyondTheFormatIsBad() {
    for (long second : new long[] {0, -1, Long.MIN_VALUE}) {
      byte[] message =
          ("cosignature/v1\ntime " + second + "\n" + checkpoint.text())
              .getBytes(StandardCharsets.UTF_8);
      byte[] signature = new byte[72];
      ByteBuffer.wrap(signature).putLong(second).put(witnessA.signer().sign(message));
      assertThat(
              verdict(
                  KnownKeys.of(List.of(witnessA.key())),
                  checkpoint,
                  SignatureLine.of(witnessA.key(), signature)))
          .isInstanceOf(NoteVerdict.BadSignature.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CheckpointSignatures.sign(
                witnessA.key(), witnessA.signer(), checkpoint, Instant.EPOCH));
  }

  @Test
  void refusesAKeyUnderTwoNamesOrTwice() {
    NoteKey other =
        NoteKey.of("other.example", SignatureType.COSIGNATURE_V1, witnessA.key().publicKey());
    NoteKey otherType =
        NoteKey.of("other.example", SignatureType.ED25519, witnessA.key().publicKey());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnownKeys.of(List.of(witnessA.key(), other)))
        .withMessageContaining("two names");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnownKeys.of(List.of(witnessA.key(), otherType)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KnownKeys.of(List.of(witnessA.key(), witnessA.key())))
        .withMessageContaining("twice");
  }

  @Test
  void refusesSignersThatReturnAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CheckpointSignatures.sign(log.key(), message -> new byte[63], checkpoint, TIME));
  }

  private List<SignatureLine> sign(TestKeys... keys) {
    List<SignatureLine> lines = new ArrayList<>();
    for (TestKeys key : keys) {
      lines.add(CheckpointSignatures.sign(key.key(), key.signer(), checkpoint, TIME));
    }
    return lines;
  }

  private List<Checkpoint> others() {
    return List.of(
        new Checkpoint(ORIGIN + "0", checkpoint.size(), checkpoint.root()),
        new Checkpoint(ORIGIN, checkpoint.size() + 1, checkpoint.root()),
        new Checkpoint(ORIGIN, checkpoint.size(), TreeHash.emptyTree()));
  }

  private VerifiedSignature verified(TestKeys keys, SignatureLine line) {
    return CheckpointSignatures.verify(keys.key(), line, checkpoint, TestKeys.VERIFIER)
        .orElseThrow();
  }

  private static NoteVerdict verdict(KnownKeys known, Checkpoint head, SignatureLine line) {
    return known.verify(new SignedCheckpoint(head, List.of(line)), TestKeys.VERIFIER);
  }
}
