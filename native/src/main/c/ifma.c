/*
 * AVX-512 with IFMA: eight 52-bit products at once. Values stay below 4p < 2^52 between layers, so
 * every operand fits the multiplier, and Shoup's quotient is taken to 52 bits instead of 64.
 */
#include <immintrin.h>

#include "ring_kernel.h"

typedef __m512i v8;

#define LANES 8

static inline v8 all(uint64_t x) { return _mm512_set1_epi64((long long)x); }
static inline v8 load(const void *from) { return _mm512_loadu_si512(from); }
static inline void store(void *to, v8 x) { _mm512_storeu_si512(to, x); }

/* x below 2m to x mod m: of x and x - m the smaller as unsigned numbers. */
static inline v8 below_v(v8 x, v8 m) { return _mm512_min_epu64(x, _mm512_sub_epi64(x, m)); }

/*
 * x w mod p, below 2p, for x < 2^52, with quotient = floor(w 2^52 / p): floor(x quotient / 2^52)
 * is floor(x w / p) or one less. Only the low 52 bits of both products are needed, as 2p < 2^51.
 */
static inline v8 lazy_product_v(v8 x, v8 w, v8 quotient, v8 p, v8 mask) {
  v8 zero = _mm512_setzero_si512();
  v8 q = _mm512_madd52hi_epu64(zero, x, quotient);
  v8 low = _mm512_madd52lo_epu64(zero, x, w);
  v8 away = _mm512_madd52lo_epu64(zero, q, p);
  return _mm512_and_si512(_mm512_sub_epi64(low, away), mask);
}

struct constants {
  v8 p, twice, mask;
};

static inline struct constants constants_of(uint64_t p) {
  return (struct constants){all(p), all(2 * p), all((UINT64_C(1) << 52) - 1)};
}

/* (u, v) to (u + w v, u - w v): u below 4p is brought below 2p, results are below 4p. */
static inline void forward_butterfly(v8 *u, v8 *v, v8 w, v8 q, const struct constants *c) {
  v8 a = below_v(*u, c->twice);
  v8 b = lazy_product_v(*v, w, q, c->p, c->mask);
  *u = _mm512_add_epi64(a, b);
  *v = _mm512_add_epi64(_mm512_sub_epi64(a, b), c->twice);
}

/* (u, v) to (u + v, (u - v) w): inputs and results below 2p. */
static inline void inverse_butterfly(v8 *u, v8 *v, v8 w, v8 q, const struct constants *c) {
  v8 a = *u;
  v8 b = *v;
  *u = below_v(_mm512_add_epi64(a, b), c->twice);
  *v = lazy_product_v(_mm512_add_epi64(_mm512_sub_epi64(a, b), c->twice), w, q, c->p, c->mask);
}

static inline v8 root(const struct ntt_tables *t, size_t at) { return all(t->roots[at]); }
static inline v8 root_quotient(const struct ntt_tables *t, size_t at) {
  return all(t->quotients[at] >> 12);
}

/* Two, four or eight neighbouring roots spread over the lanes by an index vector. */
static inline v8 spread(const uint64_t *from, size_t count, v8 lanes) {
  __mmask8 some = (__mmask8)((1u << count) - 1);
  return _mm512_permutexvar_epi64(lanes, _mm512_maskz_loadu_epi64(some, from));
}

/*
 * The last three layers (gaps 4, 2, 1) of sixteen neighbours x0..x7, y0..y7 in registers. The pairs
 * of a layer are brought into two registers by one shuffle each; group g of gap 4 begins at 16 g'.
 */
static inline void forward_last_three(uint64_t *at, const struct ntt_tables *t, size_t g,
                                      const struct constants *c) {
  size_t n = t->degree;
  v8 x = load(at);
  v8 y = load(at + LANES);

  v8 u = _mm512_shuffle_i64x2(x, y, 0x44);
  v8 v = _mm512_shuffle_i64x2(x, y, 0xee);
  size_t from = n / 8 + 2 * g;
  v8 lanes = _mm512_setr_epi64(0, 0, 0, 0, 1, 1, 1, 1);
  v8 w = spread(t->roots + from, 2, lanes);
  v8 q = _mm512_srli_epi64(spread(t->quotients + from, 2, lanes), 12);
  forward_butterfly(&u, &v, w, q, c);

  /* u = x0 x1 x2 x3 y0 y1 y2 y3, v = x4 .. x7 y4 .. y7 */
  v8 firsts = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  v8 seconds = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  v8 u2 = _mm512_permutex2var_epi64(u, firsts, v);
  v8 v2 = _mm512_permutex2var_epi64(u, seconds, v);
  from = n / 4 + 4 * g;
  lanes = _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3);
  w = spread(t->roots + from, 4, lanes);
  q = _mm512_srli_epi64(spread(t->quotients + from, 4, lanes), 12);
  forward_butterfly(&u2, &v2, w, q, c);

  /* u2 = x0 x1 x4 x5 y0 y1 y4 y5, v2 = x2 x3 x6 x7 y2 y3 y6 y7 */
  u = _mm512_unpacklo_epi64(u2, v2);
  v = _mm512_unpackhi_epi64(u2, v2);
  from = n / 2 + 8 * g;
  w = load(t->roots + from);
  q = _mm512_srli_epi64(load(t->quotients + from), 12);
  forward_butterfly(&u, &v, w, q, c);

  /* u = x0 x2 x4 x6 y0 .., v = x1 x3 x5 x7 y1 .. */
  u = below_v(below_v(u, c->twice), c->p);
  v = below_v(below_v(v, c->twice), c->p);
  store(at, _mm512_permutex2var_epi64(u, _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), v));
  store(at + LANES, _mm512_permutex2var_epi64(u, _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15), v));
}

/* The same three layers backwards: gaps 1, 2, 4. */
static inline void inverse_first_three(uint64_t *at, const struct ntt_tables *t, size_t g,
                                       const struct constants *c) {
  size_t n = t->degree;
  v8 x = load(at);
  v8 y = load(at + LANES);

  v8 u = _mm512_permutex2var_epi64(x, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), y);
  v8 v = _mm512_permutex2var_epi64(x, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), y);
  size_t from = n / 2 + 8 * g;
  v8 w = load(t->roots + from);
  v8 q = _mm512_srli_epi64(load(t->quotients + from), 12);
  inverse_butterfly(&u, &v, w, q, c);

  v8 u2 = _mm512_unpacklo_epi64(u, v);
  v8 v2 = _mm512_unpackhi_epi64(u, v);
  from = n / 4 + 4 * g;
  v8 lanes = _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3);
  w = spread(t->roots + from, 4, lanes);
  q = _mm512_srli_epi64(spread(t->quotients + from, 4, lanes), 12);
  inverse_butterfly(&u2, &v2, w, q, c);

  v8 firsts = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  v8 seconds = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  u = _mm512_permutex2var_epi64(u2, firsts, v2);
  v = _mm512_permutex2var_epi64(u2, seconds, v2);
  from = n / 8 + 2 * g;
  lanes = _mm512_setr_epi64(0, 0, 0, 0, 1, 1, 1, 1);
  w = spread(t->roots + from, 2, lanes);
  q = _mm512_srli_epi64(spread(t->quotients + from, 2, lanes), 12);
  inverse_butterfly(&u, &v, w, q, c);

  store(at, _mm512_shuffle_i64x2(u, v, 0x44));
  store(at + LANES, _mm512_shuffle_i64x2(u, v, 0xee));
}

static void forward(uint64_t p, const struct ntt_tables *t, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.forward(p, t, values);
    return;
  }
  struct constants c = constants_of(p);
  size_t gap = n / 2;
  size_t groups = 1;
  /* Two layers at a time while a quarter of a group fills a register: half the memory traffic. */
  for (; gap >= 2 * LANES; gap >>= 2, groups <<= 2) {
    size_t half = gap / 2;
    for (size_t g = 0; g < groups; g++) {
      uint64_t *a = values + 2 * g * gap;
      v8 w = root(t, groups + g);
      v8 q = root_quotient(t, groups + g);
      v8 w0 = root(t, 2 * (groups + g));
      v8 q0 = root_quotient(t, 2 * (groups + g));
      v8 w1 = root(t, 2 * (groups + g) + 1);
      v8 q1 = root_quotient(t, 2 * (groups + g) + 1);
      for (size_t i = 0; i < half; i += LANES) {
        v8 x0 = load(a + i);
        v8 x1 = load(a + half + i);
        v8 x2 = load(a + gap + i);
        v8 x3 = load(a + gap + half + i);
        forward_butterfly(&x0, &x2, w, q, &c);
        forward_butterfly(&x1, &x3, w, q, &c);
        forward_butterfly(&x0, &x1, w0, q0, &c);
        forward_butterfly(&x2, &x3, w1, q1, &c);
        store(a + i, x0);
        store(a + half + i, x1);
        store(a + gap + i, x2);
        store(a + gap + half + i, x3);
      }
    }
  }
  for (; gap >= LANES; gap >>= 1, groups <<= 1) {
    for (size_t g = 0; g < groups; g++) {
      uint64_t *a = values + 2 * g * gap;
      v8 w = root(t, groups + g);
      v8 q = root_quotient(t, groups + g);
      for (size_t i = 0; i < gap; i += LANES) {
        v8 u = load(a + i);
        v8 v = load(a + gap + i);
        forward_butterfly(&u, &v, w, q, &c);
        store(a + i, u);
        store(a + gap + i, v);
      }
    }
  }
  for (size_t g = 0; g < n / (2 * LANES); g++) {
    forward_last_three(values + 2 * LANES * g, t, g, &c);
  }
}

static void inverse(uint64_t p, const struct ntt_tables *t, uint64_t scale,
                    uint64_t scale_quotient, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.inverse(p, t, scale, scale_quotient, values);
    return;
  }
  struct constants c = constants_of(p);
  for (size_t g = 0; g < n / (2 * LANES); g++) {
    inverse_first_three(values + 2 * LANES * g, t, g, &c);
  }
  size_t gap = LANES;
  size_t groups = n / (2 * LANES);
  for (; groups >= 2; gap <<= 2, groups >>= 2) {
    size_t pairs = groups / 2;
    for (size_t g = 0; g < pairs; g++) {
      uint64_t *a = values + 4 * g * gap;
      v8 w0 = root(t, groups + 2 * g);
      v8 q0 = root_quotient(t, groups + 2 * g);
      v8 w1 = root(t, groups + 2 * g + 1);
      v8 q1 = root_quotient(t, groups + 2 * g + 1);
      v8 w = root(t, pairs + g);
      v8 q = root_quotient(t, pairs + g);
      for (size_t i = 0; i < gap; i += LANES) {
        v8 x0 = load(a + i);
        v8 x1 = load(a + gap + i);
        v8 x2 = load(a + 2 * gap + i);
        v8 x3 = load(a + 3 * gap + i);
        inverse_butterfly(&x0, &x1, w0, q0, &c);
        inverse_butterfly(&x2, &x3, w1, q1, &c);
        inverse_butterfly(&x0, &x2, w, q, &c);
        inverse_butterfly(&x1, &x3, w, q, &c);
        store(a + i, x0);
        store(a + gap + i, x1);
        store(a + 2 * gap + i, x2);
        store(a + 3 * gap + i, x3);
      }
    }
  }
  if (groups == 1) {
    v8 w = root(t, 1);
    v8 q = root_quotient(t, 1);
    for (size_t i = 0; i < gap; i += LANES) {
      v8 u = load(values + i);
      v8 v = load(values + gap + i);
      inverse_butterfly(&u, &v, w, q, &c);
      store(values + i, u);
      store(values + gap + i, v);
    }
  }
  v8 s = all(scale);
  v8 sq = all(scale_quotient >> 12);
  for (size_t i = 0; i < n; i += LANES) {
    v8 x = load(values + i);
    store(values + i, below_v(lazy_product_v(x, s, sq, c.p, c.mask), c.p));
  }
}

/*
 * Barrett in 52-bit halves. z = hi 2^52 + lo < 2^(2 bits), t = floor(z / 2^(bits-2)) < 2^52, ratio
 * = floor(2^(bits+50) / p) <= 2^51. Flooring t costs at most 1/2 of the quotient, flooring ratio
 * less than 1, the last floor less than 1: the remainder is below 3p, and 3p < 2^52.
 */
struct barrett {
  v8 p, twice, ratio, mask;
  __m128i up, down;
};

static inline struct barrett barrett_of(const struct modulus *m) {
  return (struct barrett){
      .p = all(m->p),
      .twice = all(2 * m->p),
      .ratio = all(m->ratio >> 12),
      .mask = all((UINT64_C(1) << 52) - 1),
      .up = _mm_cvtsi64_si128((long long)(54 - m->bits)),
      .down = _mm_cvtsi64_si128((long long)(m->bits - 2)),
  };
}

static inline v8 product_v(v8 x, v8 y, const struct barrett *b) {
  v8 zero = _mm512_setzero_si512();
  v8 hi = _mm512_madd52hi_epu64(zero, x, y);
  v8 lo = _mm512_madd52lo_epu64(zero, x, y);
  v8 t = _mm512_or_si512(_mm512_sll_epi64(hi, b->up), _mm512_srl_epi64(lo, b->down));
  v8 quotient = _mm512_madd52hi_epu64(zero, t, b->ratio);
  v8 away = _mm512_madd52lo_epu64(zero, quotient, b->p);
  v8 r = _mm512_and_si512(_mm512_sub_epi64(lo, away), b->mask);
  return below_v(below_v(r, b->twice), b->p);
}

/* Lanes of a last, shorter step: those outside are neither read nor written. */
static inline __mmask8 lanes_left(size_t left) {
  return left >= LANES ? (__mmask8)0xff : (__mmask8)((1u << left) - 1);
}

static void multiply(const struct modulus *m, const uint64_t *x, const uint64_t *y, uint64_t *out,
                     size_t count) {
  struct barrett b = barrett_of(m);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    v8 z = product_v(_mm512_maskz_loadu_epi64(k, x + i), _mm512_maskz_loadu_epi64(k, y + i), &b);
    _mm512_mask_storeu_epi64(out + i, k, z);
  }
}

static void multiply_add(const struct modulus *m, const uint64_t *x, const uint64_t *y,
                         uint64_t *sum, size_t count) {
  struct barrett b = barrett_of(m);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    v8 z = product_v(_mm512_maskz_loadu_epi64(k, x + i), _mm512_maskz_loadu_epi64(k, y + i), &b);
    v8 s = _mm512_add_epi64(z, _mm512_maskz_loadu_epi64(k, sum + i));
    _mm512_mask_storeu_epi64(sum + i, k, below_v(s, b.p));
  }
}

static void add(uint64_t p, const uint64_t *x, uint64_t *sum, size_t count) {
  v8 prime = all(p);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    v8 s = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, x + i),
                            _mm512_maskz_loadu_epi64(k, sum + i));
    _mm512_mask_storeu_epi64(sum + i, k, below_v(s, prime));
  }
}

static void add_scaled(uint64_t p, const int64_t *x, uint64_t factor, uint64_t factor_quotient,
                       uint64_t excess, uint64_t *sum, size_t count) {
  struct constants c = constants_of(p);
  v8 w = all(factor);
  v8 q = all(factor_quotient >> 12);
  v8 up = all(SIGNED_LIFT);
  v8 e = all(excess);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    v8 lifted = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, x + i), up);
    v8 z = lazy_product_v(lifted, w, q, c.p, c.mask);
    v8 s = _mm512_add_epi64(_mm512_add_epi64(z, e), _mm512_maskz_loadu_epi64(k, sum + i));
    _mm512_mask_storeu_epi64(sum + i, k, below_v(below_v(s, c.twice), c.p));
  }
}

/* A negative number is a huge unsigned one, and x + p the small one: the minimum is the residue. */
static inline v8 residues_of_small(__m128i x, v8 p) {
  v8 wide = _mm512_cvtepi16_epi64(x);
  return _mm512_min_epu64(wide, _mm512_add_epi64(wide, p));
}

static void lift(uint64_t p, const int16_t *x, uint64_t *out, size_t count) {
  v8 prime = all(p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(out + i, residues_of_small(_mm_loadu_si128((const __m128i *)(x + i)), prime));
  }
  portable_kernel.lift(p, x + i, out + i, count - i);
}

static void add_small(uint64_t p, const int16_t *x, uint64_t *sum, size_t count) {
  v8 prime = all(p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    v8 r = residues_of_small(_mm_loadu_si128((const __m128i *)(x + i)), prime);
    store(sum + i, below_v(_mm512_add_epi64(r, load(sum + i)), prime));
  }
  portable_kernel.add_small(p, x + i, sum + i, count - i);
}

/* Halves of 52 bits are added in 64-bit lanes: 4,096 of them fit, then they go to 128-bit totals. */
static uint64_t inner_product(uint64_t p, const uint64_t *x, const uint64_t *y, size_t count) {
  unsigned __int128 total = 0;
  const size_t block = 4096 * LANES;
  for (size_t from = 0; from < count; from += block) {
    size_t to = count - from < block ? count : from + block;
    v8 hi = _mm512_setzero_si512();
    v8 lo = hi;
    for (size_t i = from; i < to; i += LANES) {
      __mmask8 k = lanes_left(to - i);
      v8 a = _mm512_maskz_loadu_epi64(k, x + i);
      v8 b = _mm512_maskz_loadu_epi64(k, y + i);
      hi = _mm512_madd52hi_epu64(hi, a, b);
      lo = _mm512_madd52lo_epu64(lo, a, b);
    }
    uint64_t his[LANES];
    uint64_t los[LANES];
    store(his, hi);
    store(los, lo);
    for (int lane = 0; lane < LANES; lane++) {
      total += ((unsigned __int128)his[lane] << 52) + los[lane];
    }
  }
  return (uint64_t)(total % p);
}

/*
 * With x + 2^50 in [0, 2^51] and factors below 2^50 each product is below 2^101, its high part below
 * 2^49: eight of them and the carry of the low parts stay below 2^52. Then hi 2^52 and lo are each
 * brought below 2p, and with excess and sum everything is below 6p.
 */
static void add_scaled_terms(uint64_t p, const int64_t *x, size_t stride, size_t terms,
                             const uint64_t *factors, const uint64_t *constants, uint64_t *sum,
                             size_t count) {
  struct constants c = constants_of(p);
  v8 up = all(UINT64_C(1) << 50);
  v8 excess = all(constants[0]);
  v8 radix = all(constants[1]);
  v8 radix_quotient = all(constants[2] >> 12);
  v8 one = all(1);
  v8 one_quotient = all(constants[3] >> 12);
  v8 fourfold = _mm512_add_epi64(c.twice, c.twice);
  v8 f[8];
  for (size_t j = 0; j < terms; j++) {
    f[j] = all(factors[j]);
  }
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    v8 hi = _mm512_setzero_si512();
    v8 lo = hi;
    for (size_t j = 0; j < terms; j++) {
      v8 lifted = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, x + j * stride + i), up);
      hi = _mm512_madd52hi_epu64(hi, lifted, f[j]);
      lo = _mm512_madd52lo_epu64(lo, lifted, f[j]);
    }
    hi = _mm512_add_epi64(hi, _mm512_srli_epi64(lo, 52));
    lo = _mm512_and_si512(lo, c.mask);
    v8 s = _mm512_add_epi64(lazy_product_v(hi, radix, radix_quotient, c.p, c.mask),
                            lazy_product_v(lo, one, one_quotient, c.p, c.mask));
    s = _mm512_add_epi64(s, _mm512_add_epi64(excess, _mm512_maskz_loadu_epi64(k, sum + i)));
    s = below_v(below_v(below_v(s, fourfold), c.twice), c.p);
    _mm512_mask_storeu_epi64(sum + i, k, s);
  }
}

static int64_t take_slot(const int64_t *values, int64_t *carry, unsigned width, int64_t *chunk,
                         unsigned shift, size_t count) {
  __m128i spare = _mm_cvtsi64_si128((long long)(64 - width));
  __m128i digits = _mm_cvtsi64_si128((long long)width);
  __m128i up = _mm_cvtsi64_si128((long long)shift);
  v8 most = all(UINT64_C(1) << 62);
  v8 outside = _mm512_setzero_si512();
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    v8 x = _mm512_maskz_loadu_epi64(k, values + i);
    /* -2^63 has no magnitude and stays negative. */
    v8 m = _mm512_abs_epi64(x);
    outside = _mm512_or_si512(outside, _mm512_or_si512(m, _mm512_sub_epi64(most, m)));
    v8 t = _mm512_add_epi64(x, _mm512_maskz_loadu_epi64(k, carry + i));
    v8 digit = _mm512_sra_epi64(_mm512_sll_epi64(t, spare), spare);
    _mm512_mask_storeu_epi64(carry + i, k, _mm512_sra_epi64(_mm512_sub_epi64(t, digit), digits));
    v8 sum = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, chunk + i), _mm512_sll_epi64(digit, up));
    _mm512_mask_storeu_epi64(chunk + i, k, sum);
  }
  return _mm512_movepi64_mask(outside) == 0 ? 0 : -1;
}

const struct ring_kernel ifma_kernel = {
    .forward = forward,
    .inverse = inverse,
    .multiply = multiply,
    .multiply_add = multiply_add,
    .add = add,
    .add_scaled = add_scaled,
    .lift = lift,
    .add_small = add_small,
    .inner_product = inner_product,
    .pack = vbmi_pack,
    .unpack = vbmi_unpack,
    .add_packed = vbmi_add_packed,
    .uniform = vaes_uniform,
    .gaussian = vaes_gaussian,
    .add_scaled_terms = add_scaled_terms,
    .take_slot = take_slot,
};
