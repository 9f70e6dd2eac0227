package io.concordat.crypto.rlwe;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.kernel.RingKernel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Three inner products mod each prime of a whole ciphertext with words that nobody knew before the
 * manifest, and with it the sum, was fixed. They are linear: those of a cohort's contributions add
 * up to that of the true sum, and of any other sum with probability below 2^-150 (each prime's
 * three products miss a difference with probability p^-3).
 */
public final class Fingerprint {
  /** Copies of each inner product. */
  public static final int COPIES = 3;

  private final ParameterSet set;
  private final long[] values;

  private Fingerprint(ParameterSet set, long[] values) {
    this.set = set;
    this.values = values;
  }

  /**
   * A fingerprint and, from the same pass, the digest of what it was taken of.
   *
   * @param object to be compared with the header or the manifest
   */
  public record Taken(Fingerprint fingerprint, BulkDigest object) {}

  /** The fingerprint of nothing. */
  public static Fingerprint zero(ParameterSet set) {
    return new Fingerprint(set, new long[COPIES * set.primeCount()]);
  }

  /**
   * Takes the fingerprint of a stored object.
   *
   * @param kind ciphertext or summed ciphertext
   * @param manifest digest of the manifest that names the object
   */
  public static Taken take(
      InputStream object, BulkHead.Kind kind, Layout layout, Digest manifest, RingKernel kernel)
      throws IOException, DecodeException {
    Taking taking = new Taking(layout, manifest, kernel);
    BulkDigest digest = new CiphertextReader(layout, kernel).readAll(object, kind, taking::add);
    return new Taken(taking.fingerprint(), digest);
  }

  /** A fingerprint in the making, for whoever reads an object for another reason too. */
  static final class Taking {
    private final ParameterSet set;
    private final RingKernel kernel;
    private final UniformWords rho;
    private final long[] values;
    private final long[] words;

    Taking(Layout layout, Digest manifest, RingKernel kernel) {
      set = layout.set();
      this.kernel = kernel;
      rho = UniformWords.ofManifest(manifest.bytes(), kernel);
      values = new long[COPIES * set.primeCount()];
      words = new long[Math.max(layout.rows(0), layout.checkRows())];
    }

    /** Adds one run: all copies while its residues are at hand. They are not written. */
    void add(int block, int prime, long[] residues, int rows) {
      Modulus p = set.primes().get(prime);
      for (int copy = 0; copy < COPIES; copy++) {
        rho.check(block, prime, copy, p, words, 0, rows);
        int at = copy * set.primeCount() + prime;
        values[at] = p.add(values[at], kernel.innerProduct(p, residues, 0, words, 0, rows));
      }
    }

    /** The fingerprint of what was added. */
    Fingerprint fingerprint() {
      return new Fingerprint(set, values.clone());
    }
  }

  /** The sum of two fingerprints. */
  public Fingerprint plus(Fingerprint other) {
    if (other.set != set) {
      throw new IllegalArgumentException(
          "fingerprints of " + set + " and " + other.set + " cannot be added");
    }
    long[] sum = new long[values.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = set.primes().get(i % set.primeCount()).add(values[i], other.values[i]);
    }
    return new Fingerprint(set, sum);
  }

  /** Copy after copy, in each prime after prime, little-endian u64. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(encodedBytes(set)).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      out.putLong(value);
    }
    return out.array();
  }

  /** Length of the encoding: 24 bytes a prime. */
  public static int encodedBytes(ParameterSet set) {
    return COPIES * set.primeCount() * Long.BYTES;
  }

  /** Reads exactly one fingerprint. */
  public static Fingerprint decode(byte[] bytes, ParameterSet set) throws DecodeException {
    if (bytes.length != encodedBytes(set)) {
      throw new DecodeException(
          "a fingerprint has " + encodedBytes(set) + " bytes, found " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[COPIES * set.primeCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getLong();
      if (values[i] < 0 || values[i] >= set.primes().get(i % set.primeCount()).value()) {
        throw new DecodeException("value " + i + " of a fingerprint is not below its prime");
      }
    }
    return new Fingerprint(set, values);
  }

  /** The digest over a cohort's fingerprints in the manifest's order. */
  public static Digest digest(List<Fingerprint> ofCohort) {
    return Digests.sha256(ofCohort.stream().map(Fingerprint::encode).toArray(byte[][]::new));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fingerprint that
        && set == that.set
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "fingerprint of " + set + " " + Arrays.toString(values);
  }
}
