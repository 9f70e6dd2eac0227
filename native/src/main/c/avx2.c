/* The AVX2 kernel: what goes entry by entry, and the table of its functions. */
#include "avx2.h"

/* x y mod p in [0, p): fl(h / p) carries three roundings of a number below 2^50, so it is off by
 * less than 3/8 and the result, before p is added to a negative one, within 7/8 of p. */
static inline vec product_d(const uint64_t *x, const uint64_t *y, const struct ring *c) {
  vec a = to_double(load_words(x));
  vec b = to_double(load_words(y));
  vec h = _mm256_mul_pd(a, b);
  vec l = _mm256_fmsub_pd(a, b, h);
  vec q = nearest(_mm256_mul_pd(h, c->inverse));
  return non_negative(_mm256_add_pd(_mm256_fnmadd_pd(q, c->p, h), l), c);
}

static void multiply(const struct modulus *m, const uint64_t *x, const uint64_t *y, uint64_t *out,
                     size_t count) {
  struct ring prime = ring_of(m->p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    _mm256_storeu_si256((__m256i *)(out + i), to_words(product_d(x + i, y + i, &prime)));
  }
  portable_kernel.multiply(m, x + i, y + i, out + i, count - i);
}

static void multiply_add(const struct modulus *m, const uint64_t *x, const uint64_t *y,
                         uint64_t *sum, size_t count) {
  struct ring prime = ring_of(m->p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    /* z in [0, p) less p, plus the sum: in (-p, p). */
    vec z = _mm256_sub_pd(product_d(x + i, y + i, &prime), prime.p);
    vec s = _mm256_add_pd(z, to_double(load_words(sum + i)));
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
  struct ring m = ring_of(p);
  struct root w = root_of(_mm256_set1_epi64x((long long)factor),
                          _mm256_set1_epi64x((long long)factor_quotient), &m);
  i4 up = _mm256_set1_epi64x((long long)SIGNED_LIFT);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    i4 lifted = _mm256_add_epi64(load_words((const uint64_t *)x + i), up);
    vec y = _mm256_sub_pd(to_double(lifted), all(0x1p51));
    /* |y| <= 2^50: within 5/8 of p whatever p is, so with the sum in (-p, 2p). */
    vec s = _mm256_add_pd(times(y, w, &m), to_double(load_words(sum + i)));
    vec z = non_negative(_mm256_sub_pd(non_negative(s, &m), m.p), &m);
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
    .forward = avx2_forward,
    .inverse = avx2_inverse,
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
    .uniform = aesni_uniform,
    .gaussian = aesni_gaussian,
};
