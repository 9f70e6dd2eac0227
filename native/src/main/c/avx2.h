/*
 * AVX2 with FMA: residues as doubles, four at once.
 *
 * y w mod p for integers y and w: h = fl(y w), l = y w - h (exact by one fused step), q = the
 * integer nearest to fl(y fl(w/p)), r = (h - q p) + l. Both sums of r are exact: h, q p and l are
 * integers, |h - q p| <= |r| + |l| < 2^52, and |r| < 2^52. So r = y w - q p, congruent to y w.
 *
 * How small r is: with |w| <= p/2 the quotient fl(w/p) is off by at most 2^-54 + 2^-64 and the
 * product by |y| 2^-54, together less than |y| 2^-52.9; nearest adds 1/2. As p < 2^50, |y| <= B p
 * gives |r| <= (1/2 + B/8) p, rounded up.
 *
 * Transforms keep |x| <= 2p at the start of each pass (one or two layers):
 *   forward, u brought to p/2 first: one layer ends below (1/2 + 3/4) p, two below 1.91 p;
 *   inverse: sums reach 4p in the first layer and 8p = 2^53 in the second, still exact; there they
 *   are brought to p/2. Products of differences up to 8p stay below 1.5p, sums of products below 2p.
 *
 * Between layers the array holds the doubles' bits. What includes this is compiled without contraction
 * of products and sums: only the fused steps written here are fused.
 */
#ifndef CONCORDAT_AVX2_H
#define CONCORDAT_AVX2_H

#include <immintrin.h>

#include "ring_kernel.h"

typedef __m256d vec;
typedef __m256i i4;

#define LANES 4
#define TWO_52 0x4330000000000000LL
#define TWO_84 0x4530000000000000LL

static inline vec all(double x) { return _mm256_set1_pd(x); }
static inline vec load(const uint64_t *from) { return _mm256_loadu_pd((const double *)from); }
static inline void store(uint64_t *to, vec x) { _mm256_storeu_pd((double *)to, x); }
static inline i4 load_words(const uint64_t *from) {
  return _mm256_loadu_si256((const __m256i *)from);
}

/* Integers below 2^52 to doubles: set beside the exponent of 2^52, then subtract 2^52. */
static inline vec to_double(i4 x) {
  i4 exponent = _mm256_set1_epi64x(TWO_52);
  return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(x, exponent)),
                       _mm256_castsi256_pd(exponent));
}

/* Any 64-bit x to the double nearest to x 2^-64: halves of 32 bits beside two exponents. */
static inline vec fraction(i4 x) {
  i4 low = _mm256_blend_epi32(_mm256_set1_epi64x(TWO_52), x, 0x55);
  i4 high = _mm256_or_si256(_mm256_srli_epi64(x, 32), _mm256_set1_epi64x(TWO_84));
  vec offset = all(0x1p84 + 0x1p52);
  vec sum = _mm256_add_pd(_mm256_sub_pd(_mm256_castsi256_pd(high), offset),
                         _mm256_castsi256_pd(low));
  return _mm256_mul_pd(sum, all(0x1p-64));
}

/* Integers of [0, 2^52) in doubles back to words. */
static inline i4 to_words(vec x) {
  vec shifted = _mm256_add_pd(x, all(0x1p52));
  return _mm256_xor_si256(_mm256_castpd_si256(shifted), _mm256_set1_epi64x(TWO_52));
}

static inline vec nearest(vec x) {
  return _mm256_round_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

struct ring {
  vec p, inverse, half;
};

static inline struct ring ring_of(uint64_t p) {
  double d = (double)p;
  return (struct ring){all(d), all(1.0 / d), all(d / 2)};
}

/* To [-p/2, p/2], a hair beyond where x/p rounds to a half. */
static inline vec reduced(vec x, const struct ring *c) {
  return _mm256_fnmadd_pd(nearest(_mm256_mul_pd(x, c->inverse)), c->p, x);
}

/* From (-p, p) to [0, p). The comparison gives a mask, nothing branches. */
static inline vec non_negative(vec x, const struct ring *c) {
  vec negative = _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_LT_OQ);
  return _mm256_add_pd(x, _mm256_and_pd(negative, c->p));
}

/* A root in [-p/2, p/2] and its quotient by p. */
struct root {
  vec w, over_p;
};

static inline struct root root_of(i4 words, i4 quotients, const struct ring *c) {
  vec w = to_double(words);
  vec over_p = fraction(quotients);
  vec high = _mm256_cmp_pd(w, c->half, _CMP_GT_OQ);
  return (struct root){_mm256_sub_pd(w, _mm256_and_pd(high, c->p)),
                       _mm256_sub_pd(over_p, _mm256_and_pd(high, all(1.0)))};
}

static inline vec times(vec y, struct root r, const struct ring *c) {
  vec h = _mm256_mul_pd(y, r.w);
  vec l = _mm256_fmsub_pd(y, r.w, h);
  vec q = nearest(_mm256_mul_pd(y, r.over_p));
  return _mm256_add_pd(_mm256_fnmadd_pd(q, c->p, h), l);
}

#endif
