/*
 * Both transforms with IFMA: what ntt_passes.h asks for, and the three layers of the greatest gaps,
 * which go over memory once, eight residues an eighth of the ring apart in registers.
 */
#ifndef CONCORDAT_IFMA_TRANSFORM_H
#define CONCORDAT_IFMA_TRANSFORM_H

#include "ifma.h"

/* (u, v) to (u + w v, u - w v): u below 4p is brought below 2p, results are below 4p. */
static inline void forward_butterfly(vec *u, vec *v, struct root r, const struct ring *c) {
  vec a = below_v(*u, c->twice);
  vec b = lazy_product_v(*v, r, c);
  *u = _mm512_add_epi64(a, b);
  *v = _mm512_add_epi64(_mm512_sub_epi64(a, b), c->twice);
}

/* u - v + 2p, below 4p for u and v below 2p. */
static inline vec difference(vec u, vec v, const struct ring *c) {
  return _mm512_add_epi64(_mm512_sub_epi64(u, v), c->twice);
}

/* (u, v) to (u + v, (u - v) w): inputs and results below 2p. */
static inline void inverse_butterfly(vec *u, vec *v, struct root r, const struct ring *c) {
  vec a = *u;
  vec b = *v;
  *u = below_v(_mm512_add_epi64(a, b), c->twice);
  *v = lazy_product_v(difference(a, b, c), r, c);
}

/* The butterflies keep their bounds by themselves. */
static inline vec entering(vec x, const struct ring *c) {
  (void)c;
  return x;
}
static inline vec settled(vec x, const struct ring *c) {
  (void)c;
  return x;
}

static inline struct root one_root(const struct ntt_tables *t, size_t at, const struct ring *c) {
  (void)c;
  return (struct root){all(t->roots[at]), all(t->quotients[at])};
}

/* Eight neighbouring roots. */
static inline struct root neighbours(const struct ntt_tables *t, size_t from) {
  return (struct root){load(t->roots + from), load(t->quotients + from)};
}

/* Two neighbouring roots, each in four lanes. */
static inline struct root two_roots(const struct ntt_tables *t, size_t from) {
  const long long *w = (const long long *)t->roots + from;
  const long long *q = (const long long *)t->quotients + from;
  return (struct root){_mm512_mask_set1_epi64(_mm512_set1_epi64(w[0]), 0xf0, w[1]),
                       _mm512_mask_set1_epi64(_mm512_set1_epi64(q[0]), 0xf0, q[1])};
}

/* Four neighbouring roots, each in two lanes. */
static inline struct root four_roots(const struct ntt_tables *t, size_t from) {
  vec lanes = _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3);
  __m256i w = _mm256_loadu_si256((const __m256i *)(t->roots + from));
  __m256i q = _mm256_loadu_si256((const __m256i *)(t->quotients + from));
  return (struct root){_mm512_permutexvar_epi64(lanes, _mm512_castsi256_si512(w)),
                       _mm512_permutexvar_epi64(lanes, _mm512_castsi256_si512(q))};
}

/*
 * The last three layers (gaps 4, 2, 1) of sixteen neighbours x0..x7, y0..y7 in registers. The pairs
 * of a layer are brought into two registers by one shuffle each; group g of gap 4 begins at 16 g'.
 */
static inline void forward_in_registers(uint64_t *at, const struct ntt_tables *t, size_t g,
                                        const struct ring *c) {
  size_t n = t->degree;
  vec x = load(at);
  vec y = load(at + LANES);

  vec u = _mm512_shuffle_i64x2(x, y, 0x44);
  vec v = _mm512_shuffle_i64x2(x, y, 0xee);
  forward_butterfly(&u, &v, two_roots(t, n / 8 + 2 * g), c);

  /* u = x0 x1 x2 x3 y0 y1 y2 y3, v = x4 .. x7 y4 .. y7 */
  vec firsts = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  vec seconds = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  vec u2 = _mm512_permutex2var_epi64(u, firsts, v);
  vec v2 = _mm512_permutex2var_epi64(u, seconds, v);
  forward_butterfly(&u2, &v2, four_roots(t, n / 4 + 4 * g), c);

  /* u2 = x0 x1 x4 x5 y0 y1 y4 y5, v2 = x2 x3 x6 x7 y2 y3 y6 y7 */
  u = _mm512_unpacklo_epi64(u2, v2);
  v = _mm512_unpackhi_epi64(u2, v2);
  forward_butterfly(&u, &v, neighbours(t, n / 2 + 8 * g), c);

  /* u = x0 x2 x4 x6 y0 .., v = x1 x3 x5 x7 y1 .. */
  u = below_v(below_v(u, c->twice), c->p);
  v = below_v(below_v(v, c->twice), c->p);
  store(at, _mm512_permutex2var_epi64(u, _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), v));
  store(at + LANES, _mm512_permutex2var_epi64(u, _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15), v));
}

/* The same three layers backwards, gaps 1, 2, 4, of sixteen neighbours that are in registers. */
static inline void inverse_from_registers(vec x, vec y, uint64_t *at, const struct ntt_tables *t,
                                          size_t g, const struct ring *c) {
  size_t n = t->degree;

  vec u = _mm512_permutex2var_epi64(x, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), y);
  vec v = _mm512_permutex2var_epi64(x, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), y);
  inverse_butterfly(&u, &v, neighbours(t, n / 2 + 8 * g), c);

  vec u2 = _mm512_unpacklo_epi64(u, v);
  vec v2 = _mm512_unpackhi_epi64(u, v);
  inverse_butterfly(&u2, &v2, four_roots(t, n / 4 + 4 * g), c);

  vec firsts = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  vec seconds = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  u = _mm512_permutex2var_epi64(u2, firsts, v2);
  v = _mm512_permutex2var_epi64(u2, seconds, v2);
  inverse_butterfly(&u, &v, two_roots(t, n / 8 + 2 * g), c);

  store(at, _mm512_shuffle_i64x2(u, v, 0x44));
  store(at + LANES, _mm512_shuffle_i64x2(u, v, 0xee));
}

static inline void inverse_in_registers(uint64_t *at, const struct ntt_tables *t, size_t g,
                                        const struct ring *c) {
  inverse_from_registers(load(at), load(at + LANES), at, t, g, c);
}

#include "ntt_passes.h"

/* The ring in eighths: what lies in one of them has sixteen neighbours at least. */
#define PARTS 8
#define LEAST_DEGREE (PARTS * 2 * LANES)

/* Roots of the three outer layers, and for the inverse what its last layer multiplies by. */
struct outer {
  struct root r[PARTS];
  struct root scale, scaled;
};

static inline struct outer outer_of(const struct ntt_tables *t, const struct ring *c) {
  struct outer o;
  memset(&o, 0, sizeof o);
  for (size_t i = 1; i < PARTS; i++) {
    o.r[i] = one_root(t, i, c);
  }
  return o;
}

/* The inverse ends with 1/N, which its last layer takes along: sums times 1/N, differences times r/N. */
static inline struct outer outer_of_inverse(const struct modulus *m, const struct ntt_tables *t,
                                            uint64_t scale, uint64_t scale_quotient,
                                            const struct ring *c) {
  struct outer o = outer_of(t, c);
  uint64_t w = product(t->roots[1], scale, m);
  o.scale = root_of(scale, scale_quotient);
  o.scaled = root_of(w, (uint64_t)(((unsigned __int128)w << 64) / m->p));
  return o;
}

/* The words i, i + n/8, .. with gaps n/2, n/4, n/8. */
static inline void forward_outer(uint64_t *values, size_t n, size_t i, const struct outer *o,
                                 const struct ring *c) {
  size_t part = n / PARTS;
  vec x[PARTS];
  for (size_t k = 0; k < PARTS; k++) {
    x[k] = load(values + k * part + i);
  }
  for (size_t k = 0; k < 4; k++) {
    forward_butterfly(&x[k], &x[k + 4], o->r[1], c);
  }
  for (size_t k = 0; k < 2; k++) {
    forward_butterfly(&x[k], &x[k + 2], o->r[2], c);
    forward_butterfly(&x[k + 4], &x[k + 6], o->r[3], c);
  }
  for (size_t k = 0; k < 4; k++) {
    forward_butterfly(&x[2 * k], &x[2 * k + 1], o->r[4 + k], c);
  }
  for (size_t k = 0; k < PARTS; k++) {
    store(values + k * part + i, x[k]);
  }
}

/*
 * Gaps n/8, n/4, n/2 and 1/N: residues in [0, p). Who wants the first eighth of the coefficients or the
 * first half only needs no differences in the layers that bring nothing else: `wanted` is 1, 4 or 8.
 */
static inline __attribute__((always_inline)) void inverse_outer(const uint64_t *values, size_t n,
                                                                size_t i, const struct outer *o,
                                                                const struct ring *c,
                                                                const size_t wanted, vec *x) {
  size_t part = n / PARTS;
  for (size_t k = 0; k < PARTS; k++) {
    x[k] = load(values + k * part + i);
  }
  if (wanted == 1) {
    /* Eight numbers below 2p: their sum may pass 2^52, so it is brought below 4p before the product. */
    vec sum = x[0];
    for (size_t k = 1; k < PARTS; k++) {
      sum = _mm512_add_epi64(sum, x[k]);
    }
    vec fourfold = _mm512_add_epi64(c->twice, c->twice);
    sum = below_v(below_v(sum, _mm512_add_epi64(fourfold, fourfold)), fourfold);
    x[0] = below_v(lazy_product_v(sum, o->scale, c), c->p);
    return;
  }
  for (size_t k = 0; k < 4; k++) {
    inverse_butterfly(&x[2 * k], &x[2 * k + 1], o->r[4 + k], c);
  }
  for (size_t k = 0; k < 2; k++) {
    inverse_butterfly(&x[k], &x[k + 2], o->r[2], c);
    inverse_butterfly(&x[k + 4], &x[k + 6], o->r[3], c);
  }
  for (size_t k = 0; k < 4; k++) {
    vec u = x[k];
    vec v = x[k + 4];
    x[k] = below_v(lazy_product_v(_mm512_add_epi64(u, v), o->scale, c), c->p);
    if (wanted > 4) {
      x[k + 4] = below_v(lazy_product_v(difference(u, v, c), o->scaled, c), c->p);
    }
  }
}

#endif
