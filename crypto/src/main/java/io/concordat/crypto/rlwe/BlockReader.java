package io.concordat.crypto.rlwe;

import io.concordat.crypto.ring.Modulus;
import java.math.BigInteger;
import java.util.Optional;

/**
 * From the residues of V = scale M + E to the slots of M, with every check: |E| at most 63 times
 * the cohort, s balanced digits of M leave nothing, each within its bound, unused ones zero.
 *
 * <p>Arithmetic is on 64-bit limbs, two's complement. With y_i = r_i (q/p_i)^-1 mod p_i, V is the
 * sum of y_i q/p_i modulo q, and how many q to take off is the nearest integer to the sum of
 * y_i/p_i; in doubles that is wrong at most next to a half, where V is next to q/2, so one
 * comparison afterwards makes it exact. Then a constant is added that turns everything into bit
 * fields: scale/2 makes E non-negative and 2^(w-1) in every slot makes all digits non-negative.
 */
public final class BlockReader {
  private final Layout layout;
  private final int primes;
  private final int limbs;
  private final long noiseBound;
  private final long slotBound;
  private final Modulus[] moduli;
  private final double[] reciprocals;
  private final long[] cofactorInverses;
  private final long[][] cofactors;
  private final long[][] centring;
  private final long[] modulus;
  private final long[] shift;
  private final long[] limb;

  /**
   * Prepares the constants of a layout.
   *
   * @param cohort how many contributions the sum has: bounds follow from it
   */
  public BlockReader(Layout layout, int cohort) {
    this.layout = layout;
    ParameterSet set = layout.set();
    primes = set.primeCount();
    BigInteger q = set.modulus();
    // The sum of y_i q/p_i is below 8 q, and a sign: 4 bits beyond those of q.
    limbs = (q.bitLength() + 4 + 63) / 64;
    noiseBound = (long) Layout.NOISE_BOUND * cohort;
    slotBound = (1L << (layout.bits() - 1)) * cohort;
    moduli = set.primes().toArray(new Modulus[0]);
    reciprocals = new double[primes];
    cofactorInverses = new long[primes];
    cofactors = new long[primes][];
    for (int i = 0; i < primes; i++) {
      BigInteger cofactor = q.divide(BigInteger.valueOf(moduli[i].value()));
      reciprocals[i] = 1.0 / moduli[i].value();
      cofactorInverses[i] = moduli[i].inverse(moduli[i].fromInteger(cofactor));
      cofactors[i] = toLimbs(cofactor);
    }
    BigInteger half = q.shiftRight(1);
    centring = new long[primes + 1][];
    for (int a = 0; a <= primes; a++) {
      centring[a] = toLimbs(half.subtract(q.multiply(BigInteger.valueOf(a))));
    }
    modulus = toLimbs(q);
    BigInteger offset = BigInteger.valueOf(layout.scale() / 2).subtract(half);
    for (int j = 0; j < layout.slots(); j++) {
      int top = layout.logScale() + layout.slotWidth() * (j + 1) - 1;
      offset = offset.add(BigInteger.ONE.shiftLeft(top));
    }
    shift = toLimbs(offset);
    limb = new long[limbs];
  }

  /**
   * Reads a block.
   *
   * @param residues V mod each prime, the first {@code rows} of each array
   * @param values gets slot j of coefficient c at index j * rows + c; those beyond the block's
   *     values are checked to be zero
   * @return what did not fit first, if anything
   */
  public Optional<Misfit> read(long[][] residues, int block, int rows, int count, long[] values) {
    int slots = layout.slots();
    int width = layout.slotWidth();
    int logScale = layout.logScale();
    long half = 1L << (width - 1);
    for (int c = 0; c < rows; c++) {
      combine(residues, c);
      long error = field(0, logScale) - layout.scale() / 2;
      if (Math.abs(error) > noiseBound) {
        return misfit(Misfit.Check.NOISE_BOUND, block, c);
      }
      if (!restIsZero(logScale + width * slots)) {
        return misfit(Misfit.Check.TOP_SLOT, block, c);
      }
      for (int j = 0; j < slots; j++) {
        long digit = field(logScale + width * j, width) - half;
        int at = j * rows + c;
        if (at >= count && digit != 0) {
          return misfit(Misfit.Check.UNUSED_SLOT, block, c);
        }
        if (Math.abs(digit) > slotBound) {
          return misfit(Misfit.Check.SLOT_BOUND, block, c);
        }
        values[at] = digit;
      }
    }
    return Optional.empty();
  }

  private static Optional<Misfit> misfit(Misfit.Check check, int block, int coefficient) {
    return Optional.of(new Misfit(check, block, coefficient));
  }

  /** limb = V + shift + floor(q/2), V centred, for coefficient c. */
  private void combine(long[][] residues, int c) {
    java.util.Arrays.fill(limb, 0);
    double wraps = 0;
    for (int i = 0; i < primes; i++) {
      long y = moduli[i].multiply(residues[i][c], cofactorInverses[i]);
      wraps += y * reciprocals[i];
      addProduct(y, cofactors[i]);
    }
    add(centring[(int) (wraps + 0.5)]);
    // Now V + floor(q/2), which is in [0, q) for the centred V.
    if (limb[limbs - 1] < 0) {
      add(modulus);
    } else if (!belowModulus()) {
      subtractModulus();
    }
    add(shift);
  }

  private void addProduct(long y, long[] factor) {
    long carry = 0;
    for (int l = 0; l < limbs; l++) {
      long low = y * factor[l];
      long high = Math.unsignedMultiplyHigh(y, factor[l]);
      low += carry;
      high += Long.compareUnsigned(low, carry) < 0 ? 1 : 0;
      limb[l] += low;
      carry = high + (Long.compareUnsigned(limb[l], low) < 0 ? 1 : 0);
    }
  }

  private void add(long[] other) {
    long carry = 0;
    for (int l = 0; l < limbs; l++) {
      long sum = limb[l] + other[l];
      long overflow = Long.compareUnsigned(sum, other[l]) < 0 ? 1 : 0;
      limb[l] = sum + carry;
      carry = overflow + (Long.compareUnsigned(limb[l], sum) < 0 ? 1 : 0);
    }
  }

  private boolean belowModulus() {
    for (int l = limbs - 1; l >= 0; l--) {
      int order = Long.compareUnsigned(limb[l], modulus[l]);
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }

  private void subtractModulus() {
    long borrow = 0;
    for (int l = 0; l < limbs; l++) {
      long difference = limb[l] - modulus[l];
      long underflow = Long.compareUnsigned(limb[l], modulus[l]) < 0 ? 1 : 0;
      limb[l] = difference - borrow;
      borrow = underflow + (Long.compareUnsigned(difference, borrow) < 0 ? 1 : 0);
    }
  }

  /** {@code width} bits from a position on, at most 62 of them. */
  private long field(int position, int width) {
    int index = position >> 6;
    int within = position & 63;
    long bits = limb[index] >>> within;
    if (within + width > Long.SIZE) {
      bits |= limb[index + 1] << (Long.SIZE - within);
    }
    return bits & (1L << width) - 1;
  }

  private boolean restIsZero(int position) {
    int index = position >> 6;
    long rest = index < limbs ? limb[index] >>> (position & 63) : 0;
    for (int l = index + 1; l < limbs; l++) {
      rest |= limb[l];
    }
    return rest == 0;
  }

  private long[] toLimbs(BigInteger x) {
    long[] out = new long[limbs];
    for (int l = 0; l < limbs; l++) {
      out[l] = x.shiftRight(64 * l).longValue();
    }
    return out;
  }
}
