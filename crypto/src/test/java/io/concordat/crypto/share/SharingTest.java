package io.concordat.crypto.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.vectors.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SharingTest {
  private static final long SEED = Long.getLong("concordat.seed", System.nanoTime());

  @Test
  void coefficientsAreReadDegreeAfterDegreeFromTheStream() throws DecodeException {
    byte[] seed = Vectors.named("seed/seal").hex("seed");
    long[] first = Vectors.named("seed/contribution").longs("shareCoefficientsFirst8");
    // Threshold 2 and a zero key: the share of position 1 is the coefficients themselves.
    ShamirSharing sharing = ShamirSharing.draw(new short[256], 2, LabelledStream.of(seed, "share"));
    ShareVector one = ShareVector.decode(sharing.share(1), 256);
    for (int i = 0; i < first.length; i++) {
      assertThat(one.word(i)).isEqualTo((int) first[i]);
    }
  }

  @Test
  void anyThresholdManySharesGiveTheSumOfTheKeysAndEveryOtherShare() throws DecodeException {
    System.out.println("sharing: -Dconcordat.seed=" + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int trial = 0; trial < 60; trial++) {
      int n = 1 + random.nextInt(40);
      int threshold = 1 + random.nextInt(32);
      int keys = 1 + random.nextInt(500);
      int[] sum = new int[n];
      ShareVector[] answers = new ShareVector[33];
      for (int j = 1; j <= 32; j++) {
        answers[j] = ShareVector.zero(n);
      }
      for (int k = 0; k < keys; k++) {
        short[] key = new short[n];
        for (int i = 0; i < n; i++) {
          key[i] = (short) (trial == 0 ? 63 : random.nextInt(-63, 64));
          sum[i] += key[i];
        }
        byte[] seed = ByteBuffer.allocate(64).putLong(random.nextLong()).array();
        ShamirSharing sharing =
            ShamirSharing.draw(key, threshold, LabelledStream.of(seed, "share"));
        for (int j = 1; j <= 32; j++) {
          answers[j].add(ShareVector.decode(sharing.share(j), n));
        }
      }
      int[] positions = random.ints(1, 33).distinct().limit(threshold).sorted().toArray();
      List<ShareVector> used = new ArrayList<>();
      for (int position : positions) {
        used.add(answers[position]);
      }
      Interpolation interpolation = new Interpolation(positions);
      short[] found = interpolation.at(0, used);
      for (int i = 0; i < n; i++) {
        assertThat((int) found[i]).as("seed %d, trial %d", SEED, trial).isEqualTo(sum[i]);
      }
      int other = 1 + random.nextInt(32);
      short[] elsewhere = interpolation.at(other, used);
      for (int i = 0; i < n; i++) {
        assertThat(Math.floorMod(elsewhere[i], ShamirSharing.PRIME))
            .as("seed %d, trial %d", SEED, trial)
            .isEqualTo(answers[other].word(i));
      }
    }
  }

  @Test
  void refusesWordsFromTheFieldsSizeOnAndOtherLengths() throws DecodeException {
    byte[] greatest = {(byte) 0xf0, (byte) 0xff, 0, 0};
    assertThat(ShareVector.decode(greatest, 2).word(0)).isEqualTo(65520);
    assertThat(ShareVector.decode(greatest, 2).encode()).isEqualTo(greatest);
    byte[] beyond = {(byte) 0xf0, (byte) 0xff, (byte) 0xf1, (byte) 0xff};
    assertThatThrownBy(() -> ShareVector.decode(beyond, 2))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("word 1");
    assertThatThrownBy(() -> ShareVector.decode(greatest, 1)).isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> ShareVector.decode(greatest, 3)).isInstanceOf(DecodeException.class);
  }

  @Test
  void keySumObjectsReadBackAndRefuseEveryOtherHead() throws DecodeException {
    ShareVector sum = ShareVector.decode(new byte[] {1, 2, 3, 4}, 2);
    byte[] object = KeyShares.encode(sum);
    assertThat(object).hasSize(KeyShares.objectBytes(2));
    assertThat(KeyShares.decode(object, 2).encode()).isEqualTo(sum.encode());
    for (int at = 0; at < 16; at++) {
      byte[] bad = object.clone();
      bad[at] ^= 1;
      assertThatThrownBy(() -> KeyShares.decode(bad, 2)).isInstanceOf(DecodeException.class);
    }
    assertThatThrownBy(() -> KeyShares.decode(Arrays.copyOf(object, 21), 2))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void wipingLeavesZeros() throws DecodeException {
    ShareVector share = ShareVector.decode(new byte[] {1, 2, 3, 4}, 2);
    share.wipe();
    assertThat(share.encode()).containsOnly(0);
    ShamirSharing sharing = ShamirSharing.of(new short[] {5}, new char[][] {{6}});
    assertThat(sharing.share(2)).containsExactly(17, 0);
    sharing.wipe();
    assertThat(sharing.share(2)).containsOnly(0);
  }

  @Test
  void positionsOutsideOneToThirtyTwoDoNotExist() {
    ShamirSharing sharing = ShamirSharing.of(new short[] {5}, new char[][] {{6}});
    assertThatThrownBy(() -> sharing.share(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sharing.share(33)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Interpolation(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Interpolation(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Interpolation()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void subsetsComeInLexicographicOrder() {
    Subsets subsets = new Subsets(new int[] {1, 2, 4, 7}, 3);
    List<String> seen = new ArrayList<>();
    subsets.forEachRemaining(subset -> seen.add(Arrays.toString(subset)));
    assertThat(seen).containsExactly("[1, 2, 4]", "[1, 2, 7]", "[1, 4, 7]", "[2, 4, 7]");
    assertThat(new Subsets(new int[] {1}, 2).hasNext()).isFalse();
  }
}
