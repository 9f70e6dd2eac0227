/* The IFMA kernel: what goes entry by entry, and the table of its functions. */
#include "ifma.h"

static void multiply(const struct modulus *m, const uint64_t *x, const uint64_t *y, uint64_t *out,
                     size_t count) {
  struct barrett b = barrett_of(m);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    vec z = product_v(_mm512_maskz_loadu_epi64(k, x + i), _mm512_maskz_loadu_epi64(k, y + i), &b);
    _mm512_mask_storeu_epi64(out + i, k, z);
  }
}

static void multiply_add(const struct modulus *m, const uint64_t *x, const uint64_t *y,
                         uint64_t *sum, size_t count) {
  struct barrett b = barrett_of(m);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    vec z = product_v(_mm512_maskz_loadu_epi64(k, x + i), _mm512_maskz_loadu_epi64(k, y + i), &b);
    vec s = _mm512_add_epi64(z, _mm512_maskz_loadu_epi64(k, sum + i));
    _mm512_mask_storeu_epi64(sum + i, k, below_v(s, b.p));
  }
}

static void add(uint64_t p, const uint64_t *x, uint64_t *sum, size_t count) {
  vec prime = all(p);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    vec s = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, x + i),
                            _mm512_maskz_loadu_epi64(k, sum + i));
    _mm512_mask_storeu_epi64(sum + i, k, below_v(s, prime));
  }
}

static void add_scaled(uint64_t p, const int64_t *x, uint64_t factor, uint64_t factor_quotient,
                       uint64_t excess, uint64_t *sum, size_t count) {
  struct ring c = ring_of(p);
  struct root w = root_of(factor, factor_quotient);
  vec up = all(SIGNED_LIFT);
  vec e = all(excess);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    vec lifted = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, x + i), up);
    vec z = lazy_product_v(lifted, w, &c);
    vec s = _mm512_add_epi64(_mm512_add_epi64(z, e), _mm512_maskz_loadu_epi64(k, sum + i));
    _mm512_mask_storeu_epi64(sum + i, k, below_v(below_v(s, c.twice), c.p));
  }
}

static void lift(uint64_t p, const int16_t *x, uint64_t *out, size_t count) {
  vec prime = all(p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    store(out + i, residues_of_small(_mm_loadu_si128((const __m128i *)(x + i)), prime));
  }
  portable_kernel.lift(p, x + i, out + i, count - i);
}

static void add_small(uint64_t p, const int16_t *x, uint64_t *sum, size_t count) {
  vec prime = all(p);
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec r = residues_of_small(_mm_loadu_si128((const __m128i *)(x + i)), prime);
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
    vec hi = _mm512_setzero_si512();
    vec lo = hi;
    for (size_t i = from; i < to; i += LANES) {
      __mmask8 k = lanes_left(to - i);
      vec a = _mm512_maskz_loadu_epi64(k, x + i);
      vec b = _mm512_maskz_loadu_epi64(k, y + i);
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

static void add_scaled_terms(uint64_t p, const int64_t *x, size_t stride, size_t terms,
                             const uint64_t *factors, uint64_t *sum, size_t count) {
  struct ring c = ring_of(p);
  struct terms t = terms_of(p, x, stride, terms, factors);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    vec s = with_terms(_mm512_maskz_loadu_epi64(k, sum + i), &t, i, k, &c);
    _mm512_mask_storeu_epi64(sum + i, k, s);
  }
}

static int64_t take_slot(const int64_t *values, int64_t *carry, unsigned width, int64_t *chunk,
                         unsigned shift, size_t count) {
  __m128i spare = _mm_cvtsi64_si128((long long)(64 - width));
  __m128i digits = _mm_cvtsi64_si128((long long)width);
  __m128i up = _mm_cvtsi64_si128((long long)shift);
  vec most = all(UINT64_C(1) << 62);
  vec outside = _mm512_setzero_si512();
  for (size_t i = 0; i < count; i += LANES) {
    __mmask8 k = lanes_left(count - i);
    vec x = _mm512_maskz_loadu_epi64(k, values + i);
    /* -2^63 has no magnitude and stays negative. */
    vec m = _mm512_abs_epi64(x);
    outside = _mm512_or_si512(outside, _mm512_or_si512(m, _mm512_sub_epi64(most, m)));
    vec t = _mm512_add_epi64(x, _mm512_maskz_loadu_epi64(k, carry + i));
    vec digit = _mm512_sra_epi64(_mm512_sll_epi64(t, spare), spare);
    _mm512_mask_storeu_epi64(carry + i, k, _mm512_sra_epi64(_mm512_sub_epi64(t, digit), digits));
    vec sum = _mm512_add_epi64(_mm512_maskz_loadu_epi64(k, chunk + i), _mm512_sll_epi64(digit, up));
    _mm512_mask_storeu_epi64(chunk + i, k, sum);
  }
  return _mm512_movepi64_mask(outside) == 0 ? 0 : -1;
}

const struct ring_kernel ifma_kernel = {
    .forward = ifma_forward,
    .inverse = ifma_inverse,
    .multiply = multiply,
    .multiply_add = multiply_add,
    .add = add,
    .add_scaled = add_scaled,
    .lift = lift,
    .add_small = add_small,
    .inner_product = inner_product,
    .pack = vbmi_pack,
    .unpack = vbmi_unpack,
    .quotient_bits = 52,
    .add_packed = vbmi_add_packed,
    .uniform = vaes_uniform,
    .gaussian = vaes_gaussian,
    .add_scaled_terms = add_scaled_terms,
    .take_slot = take_slot,
    .expanded_product = ifma_expanded_product,
    .finish_run = ifma_finish_run,
};
