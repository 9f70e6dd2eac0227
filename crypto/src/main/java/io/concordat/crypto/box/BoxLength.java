package io.concordat.crypto.box;

import io.concordat.crypto.bulk.BulkHead;

/** How long a box is. Apart from those who seal and open boxes, so that anybody may ask. */
public final class BoxLength {
  /** Encapsulated key of X-Wing. */
  static final int ENCAPSULATION_BYTES = 1120;

  private static final int TAG_BYTES = 16;

  /** The largest share: 16,384 coefficients of 16 bits. */
  private static final int MAX_SHARE_BYTES = 32_768;

  private BoxLength() {}

  /** Bytes of the whole object for a share of this many bytes. */
  public static int ofShare(int shareBytes) {
    if (shareBytes < 1 || shareBytes > MAX_SHARE_BYTES) {
      throw new IllegalArgumentException(
          "a share has 1 to " + MAX_SHARE_BYTES + " bytes, not " + shareBytes);
    }
    return BulkHead.BYTES + ENCAPSULATION_BYTES + shareBytes + TAG_BYTES;
  }
}
