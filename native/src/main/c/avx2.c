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
 * Between layers the array holds the doubles' bits. This file is compiled without contraction of
 * products and sums: only the fused steps written here are fused.
 */
#include <immintrin.h>

#include "ring_kernel.h"

typedef __m256d d4;
typedef __m256i i4;

#define LANES 4
#define TWO_52 0x4330000000000000LL
#define TWO_84 0x4530000000000000LL

static inline d4 all(double x) { return _mm256_set1_pd(x); }
static inline d4 load(const uint64_t *from) { return _mm256_loadu_pd((const double *)from); }
static inline void store(uint64_t *to, d4 x) { _mm256_storeu_pd((double *)to, x); }
static inline i4 load_words(const uint64_t *from) {
  return _mm256_loadu_si256((const __m256i *)from);
}

/* Integers below 2^52 to doubles: set beside the exponent of 2^52, then subtract 2^52. */
static inline d4 to_double(i4 x) {
  i4 exponent = _mm256_set1_epi64x(TWO_52);
  return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(x, exponent)),
                       _mm256_castsi256_pd(exponent));
}

/* Any 64-bit x to the double nearest to x 2^-64: halves of 32 bits beside two exponents. */
static inline d4 fraction(i4 x) {
  i4 low = _mm256_blend_epi32(_mm256_set1_epi64x(TWO_52), x, 0x55);
  i4 high = _mm256_or_si256(_mm256_srli_epi64(x, 32), _mm256_set1_epi64x(TWO_84));
  d4 offset = all(0x1p84 + 0x1p52);
  d4 sum = _mm256_add_pd(_mm256_sub_pd(_mm256_castsi256_pd(high), offset),
                         _mm256_castsi256_pd(low));
  return _mm256_mul_pd(sum, all(0x1p-64));
}

/* Integers of [0, 2^52) in doubles back to words. */
static inline i4 to_words(d4 x) {
  d4 shifted = _mm256_add_pd(x, all(0x1p52));
  return _mm256_xor_si256(_mm256_castpd_si256(shifted), _mm256_set1_epi64x(TWO_52));
}

static inline d4 nearest(d4 x) {
  return _mm256_round_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

struct prime {
  d4 p, inverse, half;
};

static inline struct prime prime_of(uint64_t p) {
  double d = (double)p;
  return (struct prime){all(d), all(1.0 / d), all(d / 2)};
}

/* To [-p/2, p/2], a hair beyond where x/p rounds to a half. */
static inline d4 reduced(d4 x, const struct prime *m) {
  return _mm256_fnmadd_pd(nearest(_mm256_mul_pd(x, m->inverse)), m->p, x);
}

/* From (-p, p) to [0, p). The comparison gives a mask, nothing branches. */
static inline d4 non_negative(d4 x, const struct prime *m) {
  d4 negative = _mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_LT_OQ);
  return _mm256_add_pd(x, _mm256_and_pd(negative, m->p));
}

/* A root in [-p/2, p/2] and its quotient by p. */
struct root {
  d4 w, over_p;
};

static inline struct root root_of(i4 words, i4 quotients, const struct prime *m) {
  d4 w = to_double(words);
  d4 over_p = fraction(quotients);
  d4 high = _mm256_cmp_pd(w, m->half, _CMP_GT_OQ);
  return (struct root){_mm256_sub_pd(w, _mm256_and_pd(high, m->p)),
                       _mm256_sub_pd(over_p, _mm256_and_pd(high, all(1.0)))};
}

static inline struct root one_root(const struct ntt_tables *t, size_t at, const struct prime *m) {
  return root_of(_mm256_set1_epi64x((long long)t->roots[at]),
                 _mm256_set1_epi64x((long long)t->quotients[at]), m);
}

static inline struct root four_roots(const struct ntt_tables *t, size_t at,
                                     const struct prime *m) {
  return root_of(load_words(t->roots + at), load_words(t->quotients + at), m);
}

/* Roots at, at, at + 1, at + 1. */
static inline struct root two_roots(const struct ntt_tables *t, size_t at, const struct prime *m) {
  return root_of(_mm256_setr_epi64x((long long)t->roots[at], (long long)t->roots[at],
                                    (long long)t->roots[at + 1], (long long)t->roots[at + 1]),
                 _mm256_setr_epi64x((long long)t->quotients[at], (long long)t->quotients[at],
                                    (long long)t->quotients[at + 1],
                                    (long long)t->quotients[at + 1]),
                 m);
}

static inline d4 times(d4 y, struct root r, const struct prime *m) {
  d4 h = _mm256_mul_pd(y, r.w);
  d4 l = _mm256_fmsub_pd(y, r.w, h);
  d4 q = nearest(_mm256_mul_pd(y, r.over_p));
  return _mm256_add_pd(_mm256_fnmadd_pd(q, m->p, h), l);
}

static inline void forward_butterfly(d4 *u, d4 *v, struct root r, const struct prime *m) {
  d4 b = times(*v, r, m);
  d4 a = *u;
  *u = _mm256_add_pd(a, b);
  *v = _mm256_sub_pd(a, b);
}

static inline void inverse_butterfly(d4 *u, d4 *v, struct root r, const struct prime *m) {
  d4 a = *u;
  d4 b = *v;
  *u = _mm256_add_pd(a, b);
  *v = times(_mm256_sub_pd(a, b), r, m);
}

/* Eight neighbours x0..x3, y0..y3: gaps 2 and 1 in registers, then whole residues as words. */
static inline void forward_last_two(uint64_t *at, const struct ntt_tables *t, size_t g,
                                    const struct prime *m) {
  size_t n = t->degree;
  d4 x = load(at);
  d4 y = load(at + LANES);
  d4 u = reduced(_mm256_permute2f128_pd(x, y, 0x20), m);
  d4 v = _mm256_permute2f128_pd(x, y, 0x31);
  forward_butterfly(&u, &v, two_roots(t, n / 4 + 2 * g, m), m);
  d4 u2 = _mm256_unpacklo_pd(u, v);
  d4 v2 = _mm256_unpackhi_pd(u, v);
  forward_butterfly(&u2, &v2, four_roots(t, n / 2 + 4 * g, m), m);
  u2 = non_negative(reduced(u2, m), m);
  v2 = non_negative(reduced(v2, m), m);
  d4 low = _mm256_unpacklo_pd(u2, v2);
  d4 high = _mm256_unpackhi_pd(u2, v2);
  i4 first = to_words(_mm256_permute2f128_pd(low, high, 0x20));
  i4 second = to_words(_mm256_permute2f128_pd(low, high, 0x31));
  _mm256_storeu_si256((__m256i *)at, first);
  _mm256_storeu_si256((__m256i *)(at + LANES), second);
}

/* Words in, gaps 1 and 2 of the inverse, doubles out. */
static inline void inverse_first_two(uint64_t *at, const struct ntt_tables *t, size_t g,
                                     const struct prime *m) {
  size_t n = t->degree;
  d4 x = to_double(load_words(at));
  d4 y = to_double(load_words(at + LANES));
  d4 low = _mm256_permute2f128_pd(x, y, 0x20);
  d4 high = _mm256_permute2f128_pd(x, y, 0x31);
  d4 u2 = _mm256_unpacklo_pd(low, high);
  d4 v2 = _mm256_unpackhi_pd(low, high);
  inverse_butterfly(&u2, &v2, four_roots(t, n / 2 + 4 * g, m), m);
  d4 u = _mm256_unpacklo_pd(u2, v2);
  d4 v = _mm256_unpackhi_pd(u2, v2);
  inverse_butterfly(&u, &v, two_roots(t, n / 4 + 2 * g, m), m);
  u = reduced(u, m);
  store(at, _mm256_permute2f128_pd(u, v, 0x20));
  store(at + LANES, _mm256_permute2f128_pd(u, v, 0x31));
}

static void forward(uint64_t p, const struct ntt_tables *t, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.forward(p, t, values);
    return;
  }
  struct prime m = prime_of(p);
  for (size_t i = 0; i < n; i += LANES) {
    store(values + i, to_double(load_words(values + i)));
  }
  size_t gap = n / 2;
  size_t groups = 1;
  for (; gap >= 2 * LANES; gap >>= 2, groups <<= 2) {
    size_t half = gap / 2;
    for (size_t g = 0; g < groups; g++) {
      uint64_t *a = values + 2 * g * gap;
      struct root r = one_root(t, groups + g, &m);
      struct root r0 = one_root(t, 2 * (groups + g), &m);
      struct root r1 = one_root(t, 2 * (groups + g) + 1, &m);
      for (size_t i = 0; i < half; i += LANES) {
        d4 x0 = reduced(load(a + i), &m);
        d4 x1 = reduced(load(a + half + i), &m);
        d4 x2 = load(a + gap + i);
        d4 x3 = load(a + gap + half + i);
        forward_butterfly(&x0, &x2, r, &m);
        forward_butterfly(&x1, &x3, r, &m);
        forward_butterfly(&x0, &x1, r0, &m);
        forward_butterfly(&x2, &x3, r1, &m);
        store(a + i, x0);
        store(a + half + i, x1);
        store(a + gap + i, x2);
        store(a + gap + half + i, x3);
      }
    }
  }
  if (gap == LANES) {
    for (size_t g = 0; g < groups; g++) {
      uint64_t *a = values + 2 * g * gap;
      d4 u = reduced(load(a), &m);
      d4 v = load(a + gap);
      forward_butterfly(&u, &v, one_root(t, groups + g, &m), &m);
      store(a, u);
      store(a + gap, v);
    }
  }
  for (size_t g = 0; g < n / (2 * LANES); g++) {
    forward_last_two(values + 2 * LANES * g, t, g, &m);
  }
}

static void inverse(uint64_t p, const struct ntt_tables *t, uint64_t scale,
                    uint64_t scale_quotient, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.inverse(p, t, scale, scale_quotient, values);
    return;
  }
  struct prime m = prime_of(p);
  for (size_t g = 0; g < n / (2 * LANES); g++) {
    inverse_first_two(values + 2 * LANES * g, t, g, &m);
  }
  size_t gap = LANES;
  size_t groups = n / (2 * LANES);
  for (; groups >= 2; gap <<= 2, groups >>= 2) {
    size_t pairs = groups / 2;
    for (size_t g = 0; g < pairs; g++) {
      uint64_t *a = values + 4 * g * gap;
      struct root r0 = one_root(t, groups + 2 * g, &m);
      struct root r1 = one_root(t, groups + 2 * g + 1, &m);
      struct root r = one_root(t, pairs + g, &m);
      for (size_t i = 0; i < gap; i += LANES) {
        d4 x0 = load(a + i);
        d4 x1 = load(a + gap + i);
        d4 x2 = load(a + 2 * gap + i);
        d4 x3 = load(a + 3 * gap + i);
        inverse_butterfly(&x0, &x1, r0, &m);
        inverse_butterfly(&x2, &x3, r1, &m);
        inverse_butterfly(&x0, &x2, r, &m);
        inverse_butterfly(&x1, &x3, r, &m);
        store(a + i, reduced(x0, &m));
        store(a + gap + i, x1);
        store(a + 2 * gap + i, x2);
        store(a + 3 * gap + i, x3);
      }
    }
  }
  if (groups == 1) {
    struct root r = one_root(t, 1, &m);
    for (size_t i = 0; i < gap; i += LANES) {
      d4 u = load(values + i);
      d4 v = load(values + gap + i);
      inverse_butterfly(&u, &v, r, &m);
      store(values + i, reduced(u, &m));
      store(values + gap + i, v);
    }
  }
  struct root s = root_of(_mm256_set1_epi64x((long long)scale),
                          _mm256_set1_epi64x((long long)scale_quotient), &m);
  for (size_t i = 0; i < n; i += LANES) {
    i4 words = to_words(non_negative(times(load(values + i), s, &m), &m));
    _mm256_storeu_si256((__m256i *)(values + i), words);
  }
}

/* x y mod p in [0, p): fl(h / p) carries three roundings of a number below 2^50, so it is off by
 * less than 3/8 and the result, before p is added to a negative one, within 7/8 of p. */
static inline d4 product_d(const uint64_t *x, const uint64_t *y, const struct prime *m) {
  d4 a = to_double(load_words(x));
  d4 b = to_double(load_words(y));
  d4 h = _mm256_mul_pd(a, b);
  d4 l = _mm256_fmsub_pd(a, b, h);
  d4 q = nearest(_mm256_mul_pd(h, m->inverse));
  return non_negative(_mm256_add_pd(_mm256_fnmadd_pd(q, m->p, h), l), m);
}

static void multiply(const struct modulus *m, const uint64_t *x, const uint64_t *y, uint64_t *out,
                     size_t count) {
  struct prime prime = prime_of(m->p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    _mm256_storeu_si256((__m256i *)(out + i), to_words(product_d(x + i, y + i, &prime)));
  }
  portable_kernel.multiply(m, x + i, y + i, out + i, count - i);
}

static void multiply_add(const struct modulus *m, const uint64_t *x, const uint64_t *y,
                         uint64_t *sum, size_t count) {
  struct prime prime = prime_of(m->p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    /* z in [0, p) less p, plus the sum: in (-p, p). */
    d4 z = _mm256_sub_pd(product_d(x + i, y + i, &prime), prime.p);
    d4 s = _mm256_add_pd(z, to_double(load_words(sum + i)));
    _mm256_storeu_si256((__m256i *)(sum + i), to_words(non_negative(s, &prime)));
  }
  portable_kernel.multiply_add(m, x + i, y + i, sum + i, count - i);
}

static void add(uint64_t p, const uint64_t *x, uint64_t *sum, size_t count) {
  for (size_t i = 0; i < count; i++) {
    sum[i] = below(sum[i] + x[i], p);
  }
}

static void add_scaled(uint64_t p, const int64_t *x, uint64_t factor, uint64_t factor_quotient,
                       uint64_t excess, uint64_t *sum, size_t count) {
  struct prime m = prime_of(p);
  struct root w = root_of(_mm256_set1_epi64x((long long)factor),
                          _mm256_set1_epi64x((long long)factor_quotient), &m);
  i4 up = _mm256_set1_epi64x((long long)SIGNED_LIFT);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    i4 lifted = _mm256_add_epi64(load_words((const uint64_t *)x + i), up);
    d4 y = _mm256_sub_pd(to_double(lifted), all(0x1p51));
    /* |y| <= 2^50: within 5/8 of p whatever p is, so with the sum in (-p, 2p). */
    d4 s = _mm256_add_pd(times(y, w, &m), to_double(load_words(sum + i)));
    d4 z = non_negative(_mm256_sub_pd(non_negative(s, &m), m.p), &m);
    _mm256_storeu_si256((__m256i *)(sum + i), to_words(z));
  }
  portable_kernel.add_scaled(p, x + i, factor, factor_quotient, excess, sum + i, count - i);
}

static void lift(uint64_t p, const int16_t *x, uint64_t *out, size_t count) {
  portable_kernel.lift(p, x, out, count);
}

static void add_small(uint64_t p, const int16_t *x, uint64_t *sum, size_t count) {
  portable_kernel.add_small(p, x, sum, count);
}

static uint64_t inner_product(uint64_t p, const uint64_t *x, const uint64_t *y, size_t count) {
  return portable_kernel.inner_product(p, x, y, count);
}

const struct ring_kernel avx2_kernel = {
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
    .add_packed = add_packed_words,
    .uniform = aesni_uniform,
    .gaussian = aesni_gaussian,
};
