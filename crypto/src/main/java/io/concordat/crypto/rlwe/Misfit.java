package io.concordat.crypto.rlwe;

/**
 * The first thing that did not fit when a sum was read.
 *
 * @param check which test failed
 * @param block the block, {@link Layout#CHECK_BLOCK} where no subset opened
 * @param coefficient the coefficient of that block
 */
public record Misfit(Check check, int block, int coefficient) {
  /** The tests, in the order in which they are made. */
  public enum Check {
    /** No t-subset of answers gives a key sum that is small and decrypts the check block. */
    NO_SUBSET("no subset opens"),
    /** The error of a coefficient exceeds 63 times the cohort. */
    NOISE_BOUND("noise bound"),
    /** Something is left above the highest slot. */
    TOP_SLOT("top slot"),
    /** A slot holds more than the cohort could have put there. */
    SLOT_BOUND("slot bound"),
    /** A slot beyond the last value is not zero. */
    UNUSED_SLOT("unused slot");

    private final String words;

    Check(String words) {
      this.words = words;
    }

    /** The name in reports. */
    public String words() {
      return words;
    }
  }

  @Override
  public String toString() {
    return check == Check.NO_SUBSET
        ? check.words
        : check.words + " at coefficient " + coefficient + " of block " + block;
  }
}
