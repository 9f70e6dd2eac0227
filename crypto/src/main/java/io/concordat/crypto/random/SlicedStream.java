package io.concordat.crypto.random;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The key stream of AES-256-CTR from a zero counter, without tables: bytes lie in bit planes, and
 * every step is a fixed sequence of logical operations on whole planes. Neither key nor stream
 * shows in an address or a branch, in compiled code as in interpreted code, where the platform's
 * cipher looks up tables.
 *
 * <p>Four blocks fill eight words, bit b of every byte in word b; {@value #GROUPS} such groups go
 * through each step in one loop, which the compiler turns into vector instructions. The S-box is
 * the circuit of Boyer and Peralta (eprint 2011/332), the layout of rows and columns that of Käsper
 * and Schwabe (CHES 2009) as BearSSL lays it out in 64-bit words.
 */
final class SlicedStream {
  static final int GROUPS = 128;

  /** What one call gives. */
  static final int BATCH_BYTES = GROUPS * 64;

  private static final int ROUNDS = 14;
  private static final int KEY_WORDS = 8;
  private static final int[] CONSTANTS = {1, 2, 4, 8, 16, 32, 64};
  private static final long BYTES = 0x00FF00FF00FF00FFL;
  private static final long PAIRS = 0x0000FFFF0000FFFFL;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Plane k of group g at k * GROUPS + g. */
  private final long[] planes = new long[8 * GROUPS];

  /** Eight planes a round, alike for all blocks. */
  private final long[] roundKeys = new long[8 * (ROUNDS + 1)];

  private long counter;

  /** Begins the stream of a key, whatever was read before. */
  void begin(byte[] key) {
    if (key.length != 4 * KEY_WORDS) {
      throw new IllegalArgumentException("AES-256 takes 32 bytes of key, not " + key.length);
    }
    counter = 0;
    expand(key);
  }

  /** The next {@value #BATCH_BYTES} bytes. */
  void next(byte[] out) {
    long[] p = planes;
    for (int g = 0; g < GROUPS; g++) {
      for (int i = 0; i < 4; i++) {
        // A block is eight zero bytes and the counter, big-endian; words are little-endian.
        long block = counter++;
        p[i * GROUPS + g] = spread(Integer.reverseBytes((int) (block >>> 32))) << 8;
        p[(i + 4) * GROUPS + g] = spread(Integer.reverseBytes((int) block)) << 8;
      }
    }
    turn(p, GROUPS);
    addKey(p, 0);
    for (int round = 1; round < ROUNDS; round++) {
      substitute(p, GROUPS);
      shiftRows(p);
      mixColumns(p);
      addKey(p, round);
    }
    substitute(p, GROUPS);
    shiftRows(p);
    addKey(p, ROUNDS);
    turn(p, GROUPS);
    for (int g = 0; g < GROUPS; g++) {
      for (int i = 0; i < 4; i++) {
        long even = p[i * GROUPS + g];
        long odd = p[(i + 4) * GROUPS + g];
        int at = 64 * g + 16 * i;
        INT.set(out, at, gathered(even));
        INT.set(out, at + 4, gathered(odd));
        INT.set(out, at + 8, gathered(even >>> 8));
        INT.set(out, at + 12, gathered(odd >>> 8));
      }
    }
  }

  /** Overwrites keys and what is left of the stream. */
  void wipe() {
    Arrays.fill(roundKeys, 0);
    Arrays.fill(planes, 0);
  }

  /** FIPS 197, section 5.2; a word goes through the S-box in planes like everything else. */
  private void expand(byte[] key) {
    int[] words = new int[4 * (ROUNDS + 1)];
    for (int i = 0; i < KEY_WORDS; i++) {
      words[i] = (int) INT.get(key, 4 * i);
    }
    for (int i = KEY_WORDS; i < words.length; i++) {
      int word = words[i - 1];
      if (i % KEY_WORDS == 0) {
        word = substituted(Integer.rotateRight(word, 8)) ^ CONSTANTS[i / KEY_WORDS - 1];
      } else if (i % KEY_WORDS == 4) {
        word = substituted(word);
      }
      words[i] = word ^ words[i - KEY_WORDS];
    }
    long[] p = planes;
    // Round r in group r, the same in all four blocks.
    for (int round = 0; round <= ROUNDS; round++) {
      long even = spread(words[4 * round]) | spread(words[4 * round + 2]) << 8;
      long odd = spread(words[4 * round + 1]) | spread(words[4 * round + 3]) << 8;
      for (int i = 0; i < 4; i++) {
        p[i * GROUPS + round] = even;
        p[(i + 4) * GROUPS + round] = odd;
      }
    }
    turn(p, ROUNDS + 1);
    for (int round = 0; round <= ROUNDS; round++) {
      for (int k = 0; k < 8; k++) {
        roundKeys[8 * round + k] = p[k * GROUPS + round];
      }
    }
    Arrays.fill(words, 0);
    Arrays.fill(p, 0);
  }

  /** The S-box of a word's four bytes; the word lies in group 0 for it. */
  private int substituted(int word) {
    for (int k = 1; k < 8; k++) {
      planes[k * GROUPS] = 0;
    }
    planes[0] = word & 0xffffffffL;
    turn(planes, 1);
    substitute(planes, 1);
    turn(planes, 1);
    return (int) planes[0];
  }

  /** A word's bytes to every second byte. */
  private static long spread(int word) {
    long x = word & 0xffffffffL;
    x = (x | x << 16) & PAIRS;
    return (x | x << 8) & BYTES;
  }

  /** The way back, from the even bytes. */
  private static int gathered(long planes) {
    long x = planes & BYTES;
    x = (x | x >>> 8) & PAIRS;
    return (int) (x | x >>> 16);
  }

  /** Bytes to bit planes and back: a transposition of 8 by 8 bits, its own inverse. */
  private static void turn(long[] p, int groups) {
    for (int step = 1; step <= 4; step <<= 1) {
      // Every second bit, every second pair, every second four.
      long mask = Long.divideUnsigned(-1L, (1L << step) + 1);
      for (int k = 0; k < 8; k++) {
        if ((k & step) == 0) {
          exchange(p, k * GROUPS, (k + step) * GROUPS, mask, step, groups);
        }
      }
    }
  }

  private static void exchange(long[] p, int x, int y, long mask, int shift, int groups) {
    for (int g = 0; g < groups; g++) {
      long a = p[x + g];
      long b = p[y + g];
      p[x + g] = a & mask | (b & mask) << shift;
      p[y + g] = (a & ~mask) >>> shift | b & ~mask;
    }
  }

  private void addKey(long[] p, int round) {
    for (int k = 0; k < 8; k++) {
      long key = roundKeys[8 * round + k];
      int at = k * GROUPS;
      for (int g = 0; g < GROUPS; g++) {
        p[at + g] ^= key;
      }
    }
  }

  private static void shiftRows(long[] p) {
    for (int i = 0; i < 8 * GROUPS; i++) {
      long x = p[i];
      p[i] =
          x & 0x000000000000FFFFL
              | (x & 0x00000000FFF00000L) >>> 4
              | (x & 0x00000000000F0000L) << 12
              | (x & 0x0000FF0000000000L) >>> 8
              | (x & 0x000000FF00000000L) << 8
              | (x & 0xF000000000000000L) >>> 12
              | (x & 0x0FFF000000000000L) << 4;
    }
  }

  private static void mixColumns(long[] p) {
    for (int g = 0; g < GROUPS; g++) {
      long q0 = p[g];
      long q1 = p[GROUPS + g];
      long q2 = p[2 * GROUPS + g];
      long q3 = p[3 * GROUPS + g];
      long q4 = p[4 * GROUPS + g];
      long q5 = p[5 * GROUPS + g];
      long q6 = p[6 * GROUPS + g];
      long q7 = p[7 * GROUPS + g];
      long r0 = q0 ^ (q0 >>> 16 | q0 << 48);
      long r1 = q1 ^ (q1 >>> 16 | q1 << 48);
      long r2 = q2 ^ (q2 >>> 16 | q2 << 48);
      long r3 = q3 ^ (q3 >>> 16 | q3 << 48);
      long r4 = q4 ^ (q4 >>> 16 | q4 << 48);
      long r5 = q5 ^ (q5 >>> 16 | q5 << 48);
      long r6 = q6 ^ (q6 >>> 16 | q6 << 48);
      long r7 = q7 ^ (q7 >>> 16 | q7 << 48);
      p[g] = r7 ^ r0 ^ q0 ^ (r0 >>> 32 | r0 << 32);
      p[GROUPS + g] = r0 ^ r7 ^ r1 ^ q1 ^ (r1 >>> 32 | r1 << 32);
      p[2 * GROUPS + g] = r1 ^ r2 ^ q2 ^ (r2 >>> 32 | r2 << 32);
      p[3 * GROUPS + g] = r2 ^ r7 ^ r3 ^ q3 ^ (r3 >>> 32 | r3 << 32);
      p[4 * GROUPS + g] = r3 ^ r7 ^ r4 ^ q4 ^ (r4 >>> 32 | r4 << 32);
      p[5 * GROUPS + g] = r4 ^ r5 ^ q5 ^ (r5 >>> 32 | r5 << 32);
      p[6 * GROUPS + g] = r5 ^ r6 ^ q6 ^ (r6 >>> 32 | r6 << 32);
      p[7 * GROUPS + g] = r6 ^ r7 ^ q7 ^ (r7 >>> 32 | r7 << 32);
    }
  }

  private static void substitute(long[] p, int groups) {
    for (int g = 0; g < groups; g++) {
      long x0 = p[7 * GROUPS + g];
      long x1 = p[6 * GROUPS + g];
      long x2 = p[5 * GROUPS + g];
      long x3 = p[4 * GROUPS + g];
      long x4 = p[3 * GROUPS + g];
      long x5 = p[2 * GROUPS + g];
      long x6 = p[GROUPS + g];
      long x7 = p[g];
      long y14 = x3 ^ x5;
      long y13 = x0 ^ x6;
      long y9 = x0 ^ x3;
      long y8 = x0 ^ x5;
      long t0 = x1 ^ x2;
      long y1 = t0 ^ x7;
      long y4 = y1 ^ x3;
      long y12 = y13 ^ y14;
      long y2 = y1 ^ x0;
      long y5 = y1 ^ x6;
      long y3 = y5 ^ y8;
      long t1 = x4 ^ y12;
      long y15 = t1 ^ x5;
      long y20 = t1 ^ x1;
      long y6 = y15 ^ x7;
      long y10 = y15 ^ t0;
      long y11 = y20 ^ y9;
      long y7 = x7 ^ y11;
      long y17 = y10 ^ y11;
      long y19 = y10 ^ y8;
      long y16 = t0 ^ y11;
      long y21 = y13 ^ y16;
      long y18 = x0 ^ y16;
      long t2 = y12 & y15;
      long t3 = y3 & y6;
      long t4 = t3 ^ t2;
      long t5 = y4 & x7;
      long t6 = t5 ^ t2;
      long t7 = y13 & y16;
      long t8 = y5 & y1;
      long t9 = t8 ^ t7;
      long t10 = y2 & y7;
      long t11 = t10 ^ t7;
      long t12 = y9 & y11;
      long t13 = y14 & y17;
      long t14 = t13 ^ t12;
      long t15 = y8 & y10;
      long t16 = t15 ^ t12;
      long t17 = t4 ^ t14;
      long t18 = t6 ^ t16;
      long t19 = t9 ^ t14;
      long t20 = t11 ^ t16;
      long t21 = t17 ^ y20;
      long t22 = t18 ^ y19;
      long t23 = t19 ^ y21;
      long t24 = t20 ^ y18;
      long t25 = t21 ^ t22;
      long t26 = t21 & t23;
      long t27 = t24 ^ t26;
      long t28 = t25 & t27;
      long t29 = t28 ^ t22;
      long t30 = t23 ^ t24;
      long t31 = t22 ^ t26;
      long t32 = t31 & t30;
      long t33 = t32 ^ t24;
      long t34 = t23 ^ t33;
      long t35 = t27 ^ t33;
      long t36 = t24 & t35;
      long t37 = t36 ^ t34;
      long t38 = t27 ^ t36;
      long t39 = t29 & t38;
      long t40 = t25 ^ t39;
      long t41 = t40 ^ t37;
      long t42 = t29 ^ t33;
      long t43 = t29 ^ t40;
      long t44 = t33 ^ t37;
      long t45 = t42 ^ t41;
      long z0 = t44 & y15;
      long z1 = t37 & y6;
      long z2 = t33 & x7;
      long z3 = t43 & y16;
      long z4 = t40 & y1;
      long z5 = t29 & y7;
      long z6 = t42 & y11;
      long z7 = t45 & y17;
      long z8 = t41 & y10;
      long z9 = t44 & y12;
      long z10 = t37 & y3;
      long z11 = t33 & y4;
      long z12 = t43 & y13;
      long z13 = t40 & y5;
      long z14 = t29 & y2;
      long z15 = t42 & y9;
      long z16 = t45 & y14;
      long z17 = t41 & y8;
      long t46 = z15 ^ z16;
      long t47 = z10 ^ z11;
      long t48 = z5 ^ z13;
      long t49 = z9 ^ z10;
      long t50 = z2 ^ z12;
      long t51 = z2 ^ z5;
      long t52 = z7 ^ z8;
      long t53 = z0 ^ z3;
      long t54 = z6 ^ z7;
      long t55 = z16 ^ z17;
      long t56 = z12 ^ t48;
      long t57 = t50 ^ t53;
      long t58 = z4 ^ t46;
      long t59 = z3 ^ t54;
      long t60 = t46 ^ t57;
      long t61 = z14 ^ t57;
      long t62 = t52 ^ t58;
      long t63 = t49 ^ t58;
      long t64 = z4 ^ t59;
      long t65 = t61 ^ t62;
      long t66 = z1 ^ t63;
      long s0 = t59 ^ t63;
      long s6 = t56 ^ ~t62;
      long s7 = t48 ^ ~t60;
      long t67 = t64 ^ t65;
      long s3 = t53 ^ t66;
      long s4 = t51 ^ t66;
      long s5 = t47 ^ t65;
      long s1 = t64 ^ ~s3;
      long s2 = t55 ^ ~t67;
      p[7 * GROUPS + g] = s0;
      p[6 * GROUPS + g] = s1;
      p[5 * GROUPS + g] = s2;
      p[4 * GROUPS + g] = s3;
      p[3 * GROUPS + g] = s4;
      p[2 * GROUPS + g] = s5;
      p[GROUPS + g] = s6;
      p[g] = s7;
    }
  }
}
