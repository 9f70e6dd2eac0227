package io.concordat.nativekernel;

import io.concordat.crypto.random.CounterStream;
import io.concordat.crypto.ring.Modulus;
import java.util.Objects;

/**
 * What must hold of a call before C sees an address. Each of these either returns or throws, before
 * anything was pinned or written; none allocates.
 */
final class Operands {
  private static final int MAX_PRIME_BITS = 50;

  private Operands() {}

  static void check(int x, int xAt, int out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x);
    Objects.checkFromIndexSize(outAt, count, out);
  }

  static void check(int x, int xAt, int y, int yAt, int out, int outAt, int count) {
    Objects.checkFromIndexSize(xAt, count, x);
    Objects.checkFromIndexSize(yAt, count, y);
    Objects.checkFromIndexSize(outAt, count, out);
  }

  /** Bytes of packed words. */
  static int bytes(int words) {
    return Math.toIntExact((50L * words + 7) / 8);
  }

  static void checkPacked(int words, int at, int bytes, int bytesAt, int count) {
    Objects.checkFromIndexSize(at, count, words);
    Objects.checkFromIndexSize(bytesAt, (50L * count + 7) / 8, (long) bytes);
  }

  /** Terms x_j of {@code count} numbers each, x_j beginning at {@code at + j * stride}. */
  static void checkTerms(Modulus p, long[] factors, int length, int at, int stride, int count) {
    int terms = factors.length;
    if (terms > 0) {
      Objects.checkIndex(stride, Integer.MAX_VALUE);
      Objects.checkFromIndexSize((long) at, (terms - 1L) * stride + count, (long) length);
    }
    for (long factor : factors) {
      checkResidue(p, factor);
    }
  }

  static void checkResidue(Modulus p, long factor) {
    if (factor < 0 || factor >= p.value()) {
      throw new IllegalArgumentException("the factor is no residue");
    }
  }

  static void checkSlot(int width, int shift) {
    if (width < 1 || width > 62 || shift < 0 || shift > 62) {
      throw new IllegalArgumentException("slot width " + width + ", shift " + shift);
    }
  }

  static void checkStream(byte[] key, byte[] iv) {
    checkKey(key);
    if (iv.length != CounterStream.IV_BYTES) {
      throw new IllegalArgumentException("AES-256-CTR takes 16 bytes of counter");
    }
    for (int i = Long.BYTES; i < iv.length; i++) {
      if (iv[i] != 0) {
        throw new IllegalArgumentException("the last 8 bytes of the first counter are zero");
      }
    }
  }

  static void checkKey(byte[] key) {
    if (key.length != CounterStream.KEY_BYTES) {
      throw new IllegalArgumentException("AES-256-CTR takes 32 bytes of key");
    }
  }

  /** The prime, if C takes it. */
  static long prime(Modulus p) {
    if (p.bits() > MAX_PRIME_BITS) {
      throw new IllegalArgumentException(
          "this kernel takes primes of at most 50 bits, not " + p.bits());
    }
    return p.value();
  }

  /** The prime, if numbers of 16 bits have distinct residues. */
  static long primeForSmall(Modulus p) {
    if (p.bits() <= Short.SIZE) {
      throw new IllegalArgumentException("small numbers lift into primes of more than 16 bits");
    }
    return prime(p);
  }
}
