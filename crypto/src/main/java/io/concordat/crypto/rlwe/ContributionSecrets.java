package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.BlockKeys;
import io.concordat.crypto.random.CounterStream;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.ScalarKernel;
import io.concordat.crypto.share.ShamirSharing;
import java.util.Arrays;

/** Where key, errors and sharing polynomials of one contribution come from. */
interface ContributionSecrets {
  /** The round key, N draws. */
  void key(short[] out);

  /** What draws the errors of blocks, for one thread at a time. */
  Errors errors();

  /** The sharing of the key. */
  ShamirSharing sharing(short[] key, int threshold);

  /** The stream whose first 64 bytes seed the encapsulation for one holder. */
  LabelledStream box(int position);

  /** Draws errors. */
  @FunctionalInterface
  interface Errors {
    /** The error of a block, as many draws as it has rows. */
    void draw(int block, short[] out, int rows);

    /** Overwrites what the errors come of. */
    default void wipe() {}
  }

  /** Everything from one seed by label; nothing is drawn from the system a second time. */
  static ContributionSecrets fromSeed(byte[] seed) {
    return fromSeed(seed, new ScalarKernel());
  }

  /** The same, drawn by a kernel. */
  static ContributionSecrets fromSeed(byte[] seed, RingKernel kernel) {
    return new ContributionSecrets() {
      @Override
      public void key(short[] out) {
        drawAndWipe(LabelledStream.key(seed, "key"), out, out.length);
      }

      @Override
      public Errors errors() {
        BlockKeys keys = new BlockKeys(seed, "error");
        byte[] key = new byte[CounterStream.KEY_BYTES];
        return new Errors() {
          @Override
          public void draw(int block, short[] out, int rows) {
            keys.key(block, key);
            drawAndWipe(key, out, rows);
          }

          @Override
          public void wipe() {
            keys.wipe();
          }
        };
      }

      private void drawAndWipe(byte[] key, short[] out, int count) {
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
