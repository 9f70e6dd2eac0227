package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.DiscreteGaussianTable;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.share.ShamirSharing;

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
    return new ContributionSecrets() {
      @Override
      public void key(short[] out) {
        DiscreteGaussianTable.draw(LabelledStream.of(seed, "key"), out, 0, out.length);
      }

      @Override
      public void error(int block, short[] out, int rows) {
        DiscreteGaussianTable.draw(LabelledStream.ofBlock(seed, "error", block), out, 0, rows);
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
