package io.concordat.crypto.rlwe;

/** What a t-subset of answers comes to. */
public enum SubsetVerdict {
  /** Its key sum has a coefficient beyond 63 times the cohort. */
  KEY_BOUND("key bound"),
  /** Its key sum is small, but the check block does not decrypt to nothing under it. */
  CHECK_BLOCK("check block"),
  /** It opens. */
  OPENS("opens");

  private final String words;

  SubsetVerdict(String words) {
    this.words = words;
  }

  /** The verdict in reports. */
  public String words() {
    return words;
  }
}
