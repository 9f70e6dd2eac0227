package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CiphertextAccumulatorTest {
  private static final RingKernel KERNEL = RingKernels.best();

  private VectorRound round;

  @BeforeEach
  void aRound() throws Exception {
    round = new VectorRound("256-94", KERNEL);
  }

  @Test
  void theSumIsTheSameFromMemoryAndFromAFile(@TempDir Path folder) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CiphertextAccumulator inFile =
        new CiphertextAccumulator(
            round.layout, KERNEL, SumStore.inFile(folder.resolve("sum"), round.layout))) {
      for (int i = round.silos - 1; i >= 0; i--) {
        add(inFile, round.contributions.get(i), round.digests.get(i).root());
      }
      assertThat(inFile.writeTo(out)).isEqualTo(round.sumDigest);
    }
    assertThat(out.toByteArray()).isEqualTo(round.sum);
  }

  @Test
  void aContributionRefusedHalfWayLeavesNoTrace() throws Exception {
    byte[] good = round.contributions.get(1);
    byte[] residueTooLarge = good.clone();
    Arrays.fill(residueTooLarge, good.length - 20, good.length - 10, (byte) 0xff);
    byte[] short1 = Arrays.copyOf(good, good.length - 1);
    byte[] long1 = Arrays.copyOf(good, good.length + 1);
    byte[] sumKind = good.clone();
    sumKind[4] = 4;
    byte[] version = good.clone();
    version[6] = 2;
    byte[] otherLength = new BulkHead(BulkHead.Kind.CIPHERTEXT, 5).encode();
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    byte[][] hostile = {
      residueTooLarge, short1, long1, sumKind, version, otherLength, new byte[3], flipped
    };
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(round.layout, KERNEL, SumStore.inMemory(round.layout))) {
      for (int i = 0; i < round.silos; i++) {
        for (byte[] object : hostile) {
          assertThatThrownBy(() -> add(accumulator, object, round.digests.get(1).root()))
              .isInstanceOf(DecodeException.class);
        }
        add(accumulator, round.contributions.get(i), round.digests.get(i).root());
      }
      assertThat(accumulator.added()).isEqualTo(round.silos);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BulkDigest sum = accumulator.writeTo(out);
      assertThat(sum).isEqualTo(round.sumDigest);
      assertThat(out.toByteArray()).isEqualTo(round.sum);
    }
  }

  @Test
  void refusesASetFillBit() throws Exception {
    Layout layout = new Layout(ParameterSet.TEST_256_94, 1, 8, 2);
    assertThat(layout.rows(0) * 50 % 8).isNotZero();
    byte[] object = new byte[(int) (BulkHead.BYTES + layout.ciphertextBytes())];
    byte[] head = new BulkHead(BulkHead.Kind.CIPHERTEXT, layout.ciphertextBytes()).encode();
    System.arraycopy(head, 0, object, 0, head.length);
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, KERNEL, SumStore.inMemory(layout))) {
      add(accumulator, object, DigestTree.of(object));
      object[BulkHead.BYTES + layout.wordBytes(0) - 1] = (byte) 0x80;
      assertThatThrownBy(() -> add(accumulator, object, DigestTree.of(object)))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining("out of range");
    }
  }

  @Test
  void takesNoMoreThanTheLayoutsCohort() throws Exception {
    Layout layout = new Layout(ParameterSet.TEST_256_94, 1, 8, 2);
    byte[] object = new byte[(int) (BulkHead.BYTES + layout.ciphertextBytes())];
    byte[] head = new BulkHead(BulkHead.Kind.CIPHERTEXT, layout.ciphertextBytes()).encode();
    System.arraycopy(head, 0, object, 0, head.length);
    Digest root = DigestTree.of(object);
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, KERNEL, SumStore.inMemory(layout))) {
      assertThatThrownBy(() -> accumulator.writeTo(new ByteArrayOutputStream()))
          .isInstanceOf(IllegalStateException.class);
      add(accumulator, object, root);
      add(accumulator, object, root);
      assertThatThrownBy(() -> add(accumulator, object, root))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static void add(CiphertextAccumulator accumulator, byte[] object, Digest root)
      throws IOException, DecodeException {
    accumulator.add(new ByteArrayInputStream(object), root);
  }
}
