package io.concordat.crypto.ring;

import java.math.BigInteger;

/**
 * A prime modulus of 2 to 61 bits and the constant that makes products modulo it cheap. Residues
 * are in [0, p). All methods run in time independent of the values.
 */
public final class Modulus {
  /** Primes have fewer bits than this. */
  public static final int MAX_BITS = 61;

  private final long value;
  private final int bits;
  private final long ratio;

  public Modulus(long value) {
    if (value < 3 || 64 - Long.numberOfLeadingZeros(value) > MAX_BITS) {
      throw new IllegalArgumentException("a modulus has 2 to 61 bits, not the value " + value);
    }
    this.value = value;
    bits = 64 - Long.numberOfLeadingZeros(value);
    ratio = BigInteger.ONE.shiftLeft(bits + 62).divide(BigInteger.valueOf(value)).longValue();
  }

  /** The prime itself. */
  public long value() {
    return value;
  }

  /** Its length in bits. */
  public int bits() {
    return bits;
  }

  /**
   * floor(2^(bits + 62) / p), a number of 63 bits; with it {@link #reduce} needs two wide products.
   */
  public long ratio() {
    return ratio;
  }

  public long add(long x, long y) {
    return once(x + y);
  }

  public long subtract(long x, long y) {
    long difference = x - y;
    return difference + (value & difference >> 63);
  }

  public long negate(long x) {
    return subtract(0, x);
  }

  public long multiply(long x, long y) {
    return reduce(Math.multiplyHigh(x, y), x * y);
  }

  /**
   * Reduces z = high * 2^64 + low with 0 &lt;= z &lt; 2^(2 bits).
   *
   * <p>Barrett with t = floor(z / 2^(bits - 2)) &lt; 2^(bits + 2) &lt;= 2^63 and ratio &lt;= 2^63:
   * quotient = floor(t * ratio / 2^64). Flooring t costs less than ratio / 2^64 &lt;= 1/2, flooring
   * ratio less than t / 2^64 &lt; 1/2, so the quotient is floor(z / p) or one less and the
   * remainder below 2p.
   */
  public long reduce(long high, long low) {
    // bits - 2 may be 0, where the shift by 64 - 0 would leave low's own bits: shift in two steps.
    long t = high << 1 << (65 - bits) | low >>> (bits - 2);
    long quotient = Math.multiplyHigh(t, ratio);
    return once(low - quotient * value);
  }

  /** The residue of any signed number. */
  public long fromSigned(long x) {
    long remainder = x % value;
    return remainder + (value & remainder >> 63);
  }

  /** The residue of any integer. */
  public long fromInteger(BigInteger x) {
    return x.mod(BigInteger.valueOf(value)).longValue();
  }

  public long power(long base, long exponent) {
    if (exponent < 0) {
      throw new IllegalArgumentException("exponents are not negative here");
    }
    long result = 1;
    long square = base;
    for (long e = exponent; e != 0; e >>>= 1) {
      if ((e & 1) != 0) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  /** The inverse of a residue other than 0 (Fermat). */
  public long inverse(long x) {
    if (x <= 0 || x >= value) {
      throw new IllegalArgumentException("only residues from 1 to p-1 have an inverse");
    }
    return power(x, value - 2);
  }

  private long once(long x) {
    long reduced = x - value;
    return reduced + (value & reduced >> 63);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Modulus that && value == that.value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
