package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import io.concordat.crypto.share.ShamirSharing;
import java.util.Arrays;

/** Where key, errors and sharing polynomials of one contribution come from. */
interface ContributionSecrets {
  /** The round key, N draws. */
  void key(short[] out);

  /** The error of a block, as many draws as it has rows. */
  void error(int block, short[] out, int rows);

  /** The sharing of the key. */
  ShamirSharing sharing(short[] key, int threshold);

  /** The stream whose first 64 bytes seed the encapsulation for one holder. */
  LabelledStream box(int position);

  /** Everything from one seed by label; nothing is drawn from the system a second time. */
  static ContributionSecrets fromSeed(byte[] seed) {
    return fromSeed(seed, new ScalarKernel());
  }

  /** The same, drawn by a kernel. */
  static ContributionSecrets fromSeed(byte[] seed, RingKernel kernel) {
    return new ContributionSecrets() {
      @Override
      public void key(short[] out) {
        draw(LabelledStream.key(seed, "key"), out, out.length);
      }

      @Override
      public void error(int block, short[] out, int rows) {
        draw(LabelledStream.keyOfBlock(seed, "error", block), out, rows);
      }

      private void draw(byte[] key, short[] out, int count) {
        try {
          kernel.gaussian(key, out, 0, count);
        } finally {
          Arrays.fill(key, (byte) 0);
        }
      }

      @Override
      public ShamirSharing sharing(short[] key, int threshold) {
        return ShamirSharing.draw(key, threshold, LabelledStream.of(seed, "share"));
      }

      @Override
      public LabelledStream box(int position) {
        return LabelledStream.ofPosition(seed, "box", position);
      }
    };
  }
}
