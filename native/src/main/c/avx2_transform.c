/* The transforms of the AVX2 kernel. */
#include "avx2.h"

static inline struct root one_root(const struct ntt_tables *t, size_t at, const struct ring *c) {
  return root_of(_mm256_set1_epi64x((long long)t->roots[at]),
                 _mm256_set1_epi64x((long long)t->quotients[at]), c);
}

static inline struct root four_roots(const struct ntt_tables *t, size_t at,
                                     const struct ring *c) {
  return root_of(load_words(t->roots + at), load_words(t->quotients + at), c);
}

/* Roots at, at, at + 1, at + 1. */
static inline struct root two_roots(const struct ntt_tables *t, size_t at, const struct ring *c) {
  return root_of(_mm256_setr_epi64x((long long)t->roots[at], (long long)t->roots[at],
                                    (long long)t->roots[at + 1], (long long)t->roots[at + 1]),
                 _mm256_setr_epi64x((long long)t->quotients[at], (long long)t->quotients[at],
                                    (long long)t->quotients[at + 1],
                                    (long long)t->quotients[at + 1]),
                 c);
}

static inline void forward_butterfly(vec *u, vec *v, struct root r, const struct ring *c) {
  vec b = times(*v, r, c);
  vec a = *u;
  *u = _mm256_add_pd(a, b);
  *v = _mm256_sub_pd(a, b);
}

static inline void inverse_butterfly(vec *u, vec *v, struct root r, const struct ring *c) {
  vec a = *u;
  vec b = *v;
  *u = _mm256_add_pd(a, b);
  *v = times(_mm256_sub_pd(a, b), r, c);
}

/* Eight neighbours x0..x3, y0..y3: gaps 2 and 1 in registers, then whole residues as words. */
static inline void forward_in_registers(uint64_t *at, const struct ntt_tables *t, size_t g,
                                        const struct ring *c) {
  size_t n = t->degree;
  vec x = load(at);
  vec y = load(at + LANES);
  vec u = reduced(_mm256_permute2f128_pd(x, y, 0x20), c);
  vec v = _mm256_permute2f128_pd(x, y, 0x31);
  forward_butterfly(&u, &v, two_roots(t, n / 4 + 2 * g, c), c);
  vec u2 = _mm256_unpacklo_pd(u, v);
  vec v2 = _mm256_unpackhi_pd(u, v);
  forward_butterfly(&u2, &v2, four_roots(t, n / 2 + 4 * g, c), c);
  u2 = non_negative(reduced(u2, c), c);
  v2 = non_negative(reduced(v2, c), c);
  vec low = _mm256_unpacklo_pd(u2, v2);
  vec high = _mm256_unpackhi_pd(u2, v2);
  i4 first = to_words(_mm256_permute2f128_pd(low, high, 0x20));
  i4 second = to_words(_mm256_permute2f128_pd(low, high, 0x31));
  _mm256_storeu_si256((__m256i *)at, first);
  _mm256_storeu_si256((__m256i *)(at + LANES), second);
}

/* Words in, gaps 1 and 2 of the inverse, doubles out. */
static inline void inverse_in_registers(uint64_t *at, const struct ntt_tables *t, size_t g,
                                        const struct ring *c) {
  size_t n = t->degree;
  vec x = to_double(load_words(at));
  vec y = to_double(load_words(at + LANES));
  vec low = _mm256_permute2f128_pd(x, y, 0x20);
  vec high = _mm256_permute2f128_pd(x, y, 0x31);
  vec u2 = _mm256_unpacklo_pd(low, high);
  vec v2 = _mm256_unpackhi_pd(low, high);
  inverse_butterfly(&u2, &v2, four_roots(t, n / 2 + 4 * g, c), c);
  vec u = _mm256_unpacklo_pd(u2, v2);
  vec v = _mm256_unpackhi_pd(u2, v2);
  inverse_butterfly(&u, &v, two_roots(t, n / 4 + 2 * g, c), c);
  u = reduced(u, c);
  store(at, _mm256_permute2f128_pd(u, v, 0x20));
  store(at + LANES, _mm256_permute2f128_pd(u, v, 0x31));
}

/* The bounds of a pass, as avx2.h argues them. */
static inline vec entering(vec x, const struct ring *c) { return reduced(x, c); }
static inline vec settled(vec x, const struct ring *c) { return reduced(x, c); }

#include "ntt_passes.h"

/* From here on a quarter of the ring is worked off by itself, so that it stays in the nearest cache. */
#define QUARTERED 4096

void avx2_forward(uint64_t p, const struct ntt_tables *t, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.forward(p, t, values);
    return;
  }
  struct ring c = ring_of(p);
  for (size_t i = 0; i < n; i += LANES) {
    store(values + i, to_double(load_words(values + i)));
  }
  if (n < QUARTERED) {
    forward_block(&c, t, values, n, 0);
    return;
  }
  forward_two_layers(&c, t, values, n / 2, 1, 1);
  for (size_t k = 0; k < 4; k++) {
    forward_block(&c, t, values + k * (n / 4), n / 4, k);
  }
}

void avx2_inverse(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                  uint64_t scale_quotient, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.inverse(m, t, scale, scale_quotient, values);
    return;
  }
  struct ring c = ring_of(m->p);
  if (n < QUARTERED) {
    inverse_block(&c, t, values, n, 0);
  } else {
    for (size_t k = 0; k < 4; k++) {
      inverse_block(&c, t, values + k * (n / 4), n / 4, k);
    }
    inverse_two_layers(&c, t, values, n / 4, 1, 1);
  }
  struct root s = root_of(_mm256_set1_epi64x((long long)scale),
                          _mm256_set1_epi64x((long long)scale_quotient), &c);
  for (size_t i = 0; i < n; i += LANES) {
    i4 words = to_words(non_negative(times(load(values + i), s, &c), &c));
    _mm256_storeu_si256((__m256i *)(values + i), words);
  }
}
