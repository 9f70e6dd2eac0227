package io.concordat.crypto.rlwe;

import java.math.BigInteger;

/**
 * A basis of a small lattice, reduced by the algorithm of Lenstra, Lenstra and Lovasz in integers
 * (Cohen, A Course in Computational Algebraic Number Theory, algorithm 2.6.7). For attacks in
 * tests: exact, and slow beyond some thirty dimensions.
 */
final class ShortLattice {
  private final BigInteger[][] basis;

  /** Gram determinants: of the first i vectors at index i. */
  private final BigInteger[] d;

  /** Gram-Schmidt coefficients times the determinant d[j + 1], which makes them integers. */
  private final BigInteger[][] lambda;

  private ShortLattice(BigInteger[][] basis) {
    this.basis = basis;
    d = new BigInteger[basis.length + 1];
    d[0] = BigInteger.ONE;
    lambda = new BigInteger[basis.length][];
    for (int i = 0; i < basis.length; i++) {
      lambda[i] = project(basis[i], i + 1);
      d[i + 1] = lambda[i][i];
    }
  }

  /** A reduced basis of what these vectors span; they must be independent. */
  static ShortLattice reduced(BigInteger[][] vectors) {
    BigInteger[][] copy = new BigInteger[vectors.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = vectors[i].clone();
    }
    ShortLattice lattice = new ShortLattice(copy);
    lattice.reduce();
    return lattice;
  }

  /** A vector less a lattice vector near it (Babai's nearest plane): a short one of its class. */
  BigInteger[] rest(BigInteger[] vector) {
    BigInteger[] left = vector.clone();
    BigInteger[] along = project(left, basis.length);
    for (int l = basis.length - 1; l >= 0; l--) {
      subtract(left, along, l);
    }
    return left;
  }

  private BigInteger[] project(BigInteger[] vector, int most) {
    BigInteger[] along = new BigInteger[most];
    for (int j = 0; j < most; j++) {
      BigInteger u = product(vector, basis[j]);
      // The vector's own square ends the list while the basis is set up.
      BigInteger[] other = lambda[j] == null ? along : lambda[j];
      for (int k = 0; k < j; k++) {
        u = d[k + 1].multiply(u).subtract(along[k].multiply(other[k])).divide(d[k]);
      }
      along[j] = u;
    }
    return along;
  }

  private void reduce() {
    int k = 1;
    while (k < basis.length) {
      subtract(basis[k], lambda[k], k - 1);
      BigInteger mu = lambda[k][k - 1];
      BigInteger left = d[k + 1].multiply(d[k - 1]).add(mu.multiply(mu)).shiftLeft(2);
      if (left.compareTo(d[k].multiply(d[k]).multiply(BigInteger.valueOf(3))) < 0) {
        swap(k);
        k = Math.max(1, k - 1);
      } else {
        for (int l = k - 2; l >= 0; l--) {
          subtract(basis[k], lambda[k], l);
        }
        k++;
      }
    }
  }

  /** Takes the nearest multiple of basis vector l off a vector with these coefficients. */
  private void subtract(BigInteger[] vector, BigInteger[] along, int l) {
    BigInteger times = nearest(along[l], d[l + 1]);
    if (times.signum() == 0) {
      return;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] = vector[i].subtract(times.multiply(basis[l][i]));
    }
    for (int i = 0; i < l; i++) {
      along[i] = along[i].subtract(times.multiply(lambda[l][i]));
    }
    along[l] = along[l].subtract(times.multiply(d[l + 1]));
  }

  private void swap(int k) {
    BigInteger[] vector = basis[k];
    basis[k] = basis[k - 1];
    basis[k - 1] = vector;
    for (int j = 0; j < k - 1; j++) {
      BigInteger one = lambda[k][j];
      lambda[k][j] = lambda[k - 1][j];
      lambda[k - 1][j] = one;
    }
    BigInteger mu = lambda[k][k - 1];
    BigInteger next = d[k - 1].multiply(d[k + 1]).add(mu.multiply(mu)).divide(d[k]);
    for (int i = k + 1; i < basis.length; i++) {
      BigInteger t = lambda[i][k];
      lambda[i][k] = d[k + 1].multiply(lambda[i][k - 1]).subtract(mu.multiply(t)).divide(d[k]);
      lambda[i][k - 1] = next.multiply(t).add(mu.multiply(lambda[i][k])).divide(d[k + 1]);
    }
    d[k] = next;
  }

  /** a / b to the nearest integer, b positive. */
  private static BigInteger nearest(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.shiftLeft(1).add(b).divideAndRemainder(b.shiftLeft(1));
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static BigInteger product(BigInteger[] one, BigInteger[] other) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < one.length; i++) {
      sum = sum.add(one[i].multiply(other[i]));
    }
    return sum;
  }
}
