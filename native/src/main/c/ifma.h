/*
 * AVX-512 with IFMA: eight 52-bit products at once. Values stay below 4p < 2^52 between layers, so
 * every operand fits the multiplier, and Shoup's quotient is taken to 52 bits instead of 64.
 */
#ifndef CONCORDAT_IFMA_H
#define CONCORDAT_IFMA_H

#include <immintrin.h>

#include "ring_kernel.h"

typedef __m512i vec;

#define LANES 8

static inline vec all(uint64_t x) { return _mm512_set1_epi64((long long)x); }
static inline vec load(const void *from) { return _mm512_loadu_si512(from); }
static inline void store(void *to, vec x) { _mm512_storeu_si512(to, x); }

/* x below 2m to x mod m: of x and x - m the smaller as unsigned numbers. */
static inline vec below_v(vec x, vec m) { return _mm512_min_epu64(x, _mm512_sub_epi64(x, m)); }

#define LOW_52 ((UINT64_C(1) << 52) - 1)

/* A prime in all lanes; minus = 2^52 - p, so that adding a multiple of it takes p away mod 2^52. */
struct ring {
  vec p, minus, twice, mask;
};

static inline struct ring ring_of(uint64_t p) {
  return (struct ring){all(p), all(LOW_52 + 1 - p), all(2 * p), all(LOW_52)};
}

/* A factor below p, and floor(w 2^52 / p). */
struct root {
  vec w, quotient;
};

/* From a factor and floor(w 2^64 / p). */
static inline struct root root_of(uint64_t w, uint64_t quotient) {
  return (struct root){all(w), all(quotient >> 12)};
}

/*
 * x w mod p, below 2p, for x < 2^52: floor(x quotient / 2^52) is floor(x w / p) or one less. Only the
 * low 52 bits of both products are needed, as 2p < 2^51.
 */
static inline vec lazy_product_v(vec x, struct root r, const struct ring *c) {
  vec zero = _mm512_setzero_si512();
  vec q = _mm512_madd52hi_epu64(zero, x, r.quotient);
  vec low = _mm512_madd52lo_epu64(zero, x, r.w);
  return _mm512_and_si512(_mm512_madd52lo_epu64(low, q, c->minus), c->mask);
}

/* Lanes of a last, shorter step: those outside are neither read nor written. */
static inline __mmask8 lanes_left(size_t left) {
  return left >= LANES ? (__mmask8)0xff : (__mmask8)((1u << left) - 1);
}

/*
 * Barrett in 52-bit halves. z = hi 2^52 + lo < 2^(2 bits), t = floor(z / 2^(bits-2)) < 2^52, ratio
 * = floor(2^(bits+50) / p) <= 2^51. Flooring t costs at most 1/2 of the quotient, flooring ratio
 * less than 1, the last floor less than 1: the remainder is below 3p, and 3p < 2^52.
 */
struct barrett {
  vec p, minus, twice, ratio, mask;
  __m128i up, down;
};

static inline struct barrett barrett_of(const struct modulus *m) {
  return (struct barrett){
      .p = all(m->p),
      .minus = all(LOW_52 + 1 - m->p),
      .twice = all(2 * m->p),
      .ratio = all(m->ratio >> 12),
      .mask = all(LOW_52),
      .up = _mm_cvtsi64_si128((long long)(54 - m->bits)),
      .down = _mm_cvtsi64_si128((long long)(m->bits - 2)),
  };
}

static inline vec product_v(vec x, vec y, const struct barrett *b) {
  vec zero = _mm512_setzero_si512();
  vec hi = _mm512_madd52hi_epu64(zero, x, y);
  vec lo = _mm512_madd52lo_epu64(zero, x, y);
  vec t = _mm512_or_si512(_mm512_sll_epi64(hi, b->up), _mm512_srl_epi64(lo, b->down));
  vec quotient = _mm512_madd52hi_epu64(zero, t, b->ratio);
  vec r = _mm512_and_si512(_mm512_madd52lo_epu64(lo, quotient, b->minus), b->mask);
  return below_v(below_v(r, b->twice), b->p);
}

/* A negative number is a huge unsigned one, and x + p the small one: the minimum is the residue. */
static inline vec residues_of_small(__m128i x, vec p) {
  vec wide = _mm512_cvtepi16_epi64(x);
  return _mm512_min_epu64(wide, _mm512_add_epi64(wide, p));
}

/*
 * The factors of packed plaintext. With x + 2^50 in [0, 2^51] and factors below 2^50 each product is
 * below 2^101, its high part below 2^49: eight of them and the carry of the low parts stay below 2^52.
 * Then hi 2^52 and lo are each brought below 2p, and with excess and sum everything is below 6p.
 */
struct terms {
  vec excess, fourfold, f[8];
  struct root radix, one;
  size_t count, stride;
  const int64_t *x;
};

/* floor(w 2^52 / p) beside w; a division of public numbers, a few for each run. */
static inline struct root root_from(uint64_t w, uint64_t p) {
  return (struct root){all(w), all((uint64_t)(((unsigned __int128)w << 52) / p))};
}

/* excess takes off what lifting by 2^50 brings in: p - (2^50 (f_0 + f_1 + ..) mod p). */
static inline struct terms terms_of(uint64_t p, const int64_t *x, size_t stride, size_t count,
                                    const uint64_t *factors) {
  unsigned __int128 total = 0;
  for (size_t j = 0; j < count; j++) {
    total += factors[j];
  }
  struct terms t = {.excess = all(p - (uint64_t)((total << 50) % p)),
                    .fourfold = all(4 * p),
                    .radix = root_from((UINT64_C(1) << 52) % p, p),
                    .one = root_from(1, p),
                    .count = count,
                    .stride = stride,
                    .x = x};
  for (size_t j = 0; j < count; j++) {
    t.f[j] = all(factors[j]);
  }
  return t;
}

/* s + the terms at entry i, s below p, in [0, p). */
static inline vec with_terms(vec s, const struct terms *t, size_t i, __mmask8 k,
                             const struct ring *c) {
  vec up = all(UINT64_C(1) << 50);
  vec hi = _mm512_setzero_si512();
  vec lo = hi;
  for (size_t j = 0; j < t->count; j++) {
    vec lifted = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, t->x + j * t->stride + i), up);
    hi = _mm512_madd52hi_epu64(hi, lifted, t->f[j]);
    lo = _mm512_madd52lo_epu64(lo, lifted, t->f[j]);
  }
  hi = _mm512_add_epi64(hi, _mm512_srli_epi64(lo, 52));
  lo = _mm512_and_si512(lo, c->mask);
  vec wide = _mm512_add_epi64(lazy_product_v(hi, t->radix, c), lazy_product_v(lo, t->one, c));
  wide = _mm512_add_epi64(wide, _mm512_add_epi64(t->excess, s));
  return below_v(below_v(below_v(wide, t->fourfold), c->twice), c->p);
}

#endif
