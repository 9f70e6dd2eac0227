package io.concordat.privacy.vector;

import java.util.Arrays;
import java.util.Objects;

/**
 * Values that are sealed as they are, because the policy says that the dataset's privacy is
 * nobody's to protect.
 */
public final class ExactVector implements SealableVector {

  private final long[] values;
  private final ExactGrant grant;

  private ExactVector(long[] values, ExactGrant grant) {
    this.values = values;
    this.grant = grant;
  }

  /**
   * Takes the values over; the caller keeps no other reference.
   *
   * @param grant what allows it; a null grant is a compile error under NullAway and refused here
   *     for everyone else
   */
  public static ExactVector of(long[] values, ExactGrant grant) {
    Objects.requireNonNull(grant, "an exact vector needs a grant of the policy");
    return new ExactVector(values, grant);
  }

  public ExactGrant grant() {
    return grant;
  }

  @Override
  public int length() {
    return values.length;
  }

  @Override
  public long[] values() {
    return values;
  }

  @Override
  public void wipe() {
    Arrays.fill(values, 0);
  }

  @Override
  public String toString() {
    return "ExactVector[" + values.length + " values of " + grant.dataset() + "]";
  }
}
