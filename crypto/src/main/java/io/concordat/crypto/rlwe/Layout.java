package io.concordat.crypto.rlwe;

/**
 * How a vector of integers lies in blocks of coefficients: everything that follows from parameter
 * set, number of values, bits and the largest cohort.
 *
 * <p>A value takes a slot of w = bits + ceil(log2 maxCohort) bits, so that maxCohort values within
 * [-(2^(bits-1) - 1), 2^(bits-1) - 1] add up inside it. A coefficient has s slots above the scale,
 * the noise below it. Value v of a block with {@code rows} coefficients is slot v div rows of
 * coefficient v mod rows.
 *
 * @param set the ring
 * @param values how many integers a contribution has, at least 1
 * @param bits width of one value, at least 2
 * @param maxCohort how many contributions may be added, 2 to 500
 */
public record Layout(ParameterSet set, long values, int bits, int maxCohort) {
  /** The block index of the check block, u32 0xffffffff. */
  public static final int CHECK_BLOCK = -1;

  /** Keys and errors are within [-63, 63]. */
  public static final int NOISE_BOUND = 63;

  /** Bits of a residue word on the wire. */
  public static final int WORD_BITS = 50;

  /** Cohorts beyond this would push |K| over 65521/2; see the bound in ShamirSharing. */
  public static final int MAX_COHORT = 500;

  private static final int MAX_SLOT_WIDTH = 62;
  private static final int PRODUCTION_CHECK_ROWS = 1088;

  /**
   * @throws IllegalArgumentException naming the field, where the four do not give a layout
   */
  public Layout {
    if (values < 1) {
      throw new IllegalArgumentException("layout.values must be at least 1, found " + values);
    }
    if (maxCohort < 2 || maxCohort > MAX_COHORT) {
      throw new IllegalArgumentException("maxCohort must be 2 to 500, found " + maxCohort);
    }
    int width = slotWidth(bits, maxCohort);
    if (bits < 2 || bits > MAX_SLOT_WIDTH || width > MAX_SLOT_WIDTH) {
      throw new IllegalArgumentException(
          "layout.bits must be at least 2 and a slot at most 62 bits wide, found bits "
              + bits
              + ", slot "
              + width);
    }
    int slots = slots(set, width, maxCohort);
    if (slots < 1) {
      throw new IllegalArgumentException(
          "a slot of " + width + " bits does not fit a coefficient of " + set);
    }
    if (checkRows(set, maxCohort) > set.ringDegree()) {
      throw new IllegalArgumentException("the check block does not fit " + set);
    }
    if ((values - 1) / ((long) slots * set.ringDegree()) >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("layout.values " + values + " needs too many blocks");
    }
  }

  /** w, the bits a slot takes. */
  public int slotWidth() {
    return slotWidth(bits, maxCohort);
  }

  /** s, the slots of a coefficient. */
  public int slots() {
    return slots(set, slotWidth(), maxCohort);
  }

  /** log2 of the plaintext factor. */
  public int logScale() {
    return logScale(maxCohort);
  }

  /** The plaintext factor, the least power of two from 2*63*maxCohort + 1. */
  public long scale() {
    return 1L << logScale();
  }

  /** How many data blocks there are; the check block follows them. */
  public int blocks() {
    return (int) ((values - 1) / valuesOfFullBlock() + 1);
  }

  /** How many values a block other than the last holds. */
  public long valuesOfFullBlock() {
    return (long) slots() * set.ringDegree();
  }

  /** How many values this data block holds; the check block holds none. */
  public int valuesIn(int block) {
    if (block == CHECK_BLOCK) {
      return 0;
    }
    requireBlock(block);
    return (int) Math.min(valuesOfFullBlock(), values - block * valuesOfFullBlock());
  }

  /** How many coefficients of this block travel. */
  public int rows(int block) {
    if (block == CHECK_BLOCK) {
      return checkRows();
    }
    int slots = slots();
    return (valuesIn(block) + slots - 1) / slots;
  }

  /** How many coefficients the check block has. */
  public int checkRows() {
    return checkRows(set, maxCohort);
  }

  /** The greatest value that every silo may send without the sum overflowing: 2^(bits-1) - 1. */
  public long maxValue() {
    return (1L << (bits - 1)) - 1;
  }

  /** Bytes of one prime's residues of a block. */
  public int wordBytes(int block) {
    return (rows(block) * WORD_BITS + 7) / 8;
  }

  /** Bytes of a block, all primes. */
  public int blockBytes(int block) {
    return wordBytes(block) * set.primeCount();
  }

  /** Where a block begins within the body. */
  public long blockOffset(int block) {
    if (block == CHECK_BLOCK) {
      return (long) (blocks() - 1) * blockBytes(0) + blockBytes(blocks() - 1);
    }
    requireBlock(block);
    return (long) block * blockBytes(0);
  }

  /** Bytes of a ciphertext or a summed ciphertext without its head: fixed before the first byte. */
  public long ciphertextBytes() {
    return blockOffset(CHECK_BLOCK) + blockBytes(CHECK_BLOCK);
  }

  private void requireBlock(int block) {
    if (block < 0 || block >= blocks()) {
      throw new IllegalArgumentException("block " + block + " of " + blocks());
    }
  }

  private static int slotWidth(int bits, int maxCohort) {
    return bits + ceilLog2(maxCohort);
  }

  private static int logScale(int maxCohort) {
    return ceilLog2(2 * NOISE_BOUND * maxCohort + 1);
  }

  private static int slots(ParameterSet set, int slotWidth, int maxCohort) {
    return (set.modulusBits() - 1 - logScale(maxCohort)) / slotWidth;
  }

  /**
   * In a test set as many as make a false key pass with probability below 2^-128: each row catches
   * it with all but 2^(L + 1 - bits of q).
   */
  private static int checkRows(ParameterSet set, int maxCohort) {
    if (set.production()) {
      return PRODUCTION_CHECK_ROWS;
    }
    int small = 32 - Integer.numberOfLeadingZeros(4 * NOISE_BOUND * maxCohort);
    int gain = set.modulusBits() - 1 - small;
    return (set.ringDegree() * small + 128 + gain - 1) / gain;
  }

  private static int ceilLog2(int n) {
    return 32 - Integer.numberOfLeadingZeros(n - 1);
  }
}
