/*
 * Portable C: what runs on any 64-bit machine with a compiler that knows 128-bit products. The
 * transforms are Longa and Naehrig's (eprint 2016/504, algorithms 1 and 2) with Harvey's lazy
 * butterflies (arXiv 1205.2926): values stay below 4p < 2^52 between layers.
 */
#include "ring_kernel.h"

static void forward(uint64_t p, const struct ntt_tables *t, uint64_t *values) {
  size_t n = t->degree;
  uint64_t twice = 2 * p;
  size_t gap = n;
  for (size_t groups = 1; groups < n; groups <<= 1) {
    gap >>= 1;
    for (size_t g = 0; g < groups; g++) {
      uint64_t *u = values + 2 * g * gap;
      uint64_t *v = u + gap;
      uint64_t root = t->roots[groups + g];
      uint64_t quotient = t->quotients[groups + g];
      for (size_t i = 0; i < gap; i++) {
        uint64_t a = below(u[i], twice);
        uint64_t b = lazy_product(v[i], root, quotient, p);
        u[i] = a + b;
        v[i] = a - b + twice;
      }
    }
  }
  for (size_t i = 0; i < n; i++) {
    values[i] = below(below(values[i], twice), p);
  }
}

static void inverse(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                    uint64_t scale_quotient, uint64_t *values) {
  size_t n = t->degree;
  uint64_t p = m->p;
  uint64_t twice = 2 * p;
  size_t gap = 1;
  for (size_t groups = n >> 1; groups >= 1; groups >>= 1) {
    for (size_t g = 0; g < groups; g++) {
      uint64_t *u = values + 2 * g * gap;
      uint64_t *v = u + gap;
      uint64_t root = t->roots[groups + g];
      uint64_t quotient = t->quotients[groups + g];
      for (size_t i = 0; i < gap; i++) {
        uint64_t a = u[i];
        uint64_t b = v[i];
        u[i] = below(a + b, twice);
        v[i] = lazy_product(a - b + twice, root, quotient, p);
      }
    }
    gap <<= 1;
  }
  for (size_t i = 0; i < n; i++) {
    values[i] = below(lazy_product(values[i], scale, scale_quotient, p), p);
  }
}

static void multiply(const struct modulus *m, const uint64_t *x, const uint64_t *y, uint64_t *out,
                     size_t count) {
  for (size_t i = 0; i < count; i++) {
    out[i] = product(x[i], y[i], m);
  }
}

static void multiply_add(const struct modulus *m, const uint64_t *x, const uint64_t *y,
                         uint64_t *sum, size_t count) {
  for (size_t i = 0; i < count; i++) {
    sum[i] = below(sum[i] + product(x[i], y[i], m), m->p);
  }
}

static void add(uint64_t p, const uint64_t *x, uint64_t *sum, size_t count) {
  for (size_t i = 0; i < count; i++) {
    sum[i] = below(sum[i] + x[i], p);
  }
}

/* sum < p, excess <= p and the lazy product < 2p: below 4p, two steps bring it under p. */
static void add_scaled(uint64_t p, const int64_t *x, uint64_t factor, uint64_t factor_quotient,
                       uint64_t excess, uint64_t *sum, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint64_t lifted = (uint64_t)x[i] + SIGNED_LIFT;
    uint64_t wide = sum[i] + excess + lazy_product(lifted, factor, factor_quotient, p);
    sum[i] = below(below(wide, 2 * p), p);
  }
}

static uint64_t residue_of_small(int16_t x, uint64_t p) {
  int64_t wide = x;
  return (uint64_t)wide + (p & (uint64_t)(wide >> 63));
}

static void lift(uint64_t p, const int16_t *x, uint64_t *out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    out[i] = residue_of_small(x[i], p);
  }
}

static void add_small(uint64_t p, const int16_t *x, uint64_t *sum, size_t count) {
  for (size_t i = 0; i < count; i++) {
    sum[i] = below(sum[i] + residue_of_small(x[i], p), p);
  }
}

/* 2^26 products below 2^100 stay below 2^126. One division ends it, whose time may depend on the
 * result: inner products are taken of ciphertexts and public words only. */
static uint64_t inner_product(uint64_t p, const uint64_t *x, const uint64_t *y, size_t count) {
  unsigned __int128 total = 0;
  for (size_t i = 0; i < count; i++) {
    total += (unsigned __int128)x[i] * y[i];
  }
  return (uint64_t)(total % p);
}

const struct ring_kernel portable_kernel = {
    .forward = forward,
    .inverse = inverse,
    .multiply = multiply,
    .multiply_add = multiply_add,
    .add = add,
    .add_scaled = add_scaled,
    .lift = lift,
    .add_small = add_small,
    .inner_product = inner_product,
    .pack = pack_words,
    .unpack = unpack_words,
    .quotient_bits = 64,
    .add_packed = add_packed_words,
};
