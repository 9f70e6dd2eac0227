package io.concordat.crypto.share;

/**
 * The points at which shares are taken. Apart from the sharing itself, so that whoever only adds
 * and interpolates answers has no way to a class that holds a key.
 */
final class Positions {
  private Positions() {}

  /** Refuses a point that no holder has; 0 above all, where the key itself stands. */
  static void require(int position) {
    if (position < 1 || position > ShamirSharing.MAX_POSITION) {
      throw new IllegalArgumentException("a holder's position is 1 to 32, not " + position);
    }
  }
}
