/*
 * 50-bit words with AVX-512 VBMI: eight words are 50 bytes. Word i begins in byte 50 i / 8, shifted by
 * 50 i mod 8 bits: 0, 2, 4, 6 and again. One permutation of bytes brings each word's 7 bytes into its
 * lane, a shift and a mask do the rest; backwards even and odd words are placed apart and joined.
 */
#include <immintrin.h>

#include "ring_kernel.h"

typedef __m512i v8;

#define LANES 8
#define GROUP_BYTES 50
#define GROUP_MASK ((UINT64_C(1) << GROUP_BYTES) - 1)

struct orders {
  v8 gather, shifts, mask, even, odd;
  __mmask64 even_bytes, odd_bytes;
};

static struct orders orders_of(void) {
  uint8_t gather[64];
  uint8_t even[64] = {0};
  uint8_t odd[64] = {0};
  struct orders o = {.even_bytes = 0, .odd_bytes = 0};
  for (int i = 0; i < LANES; i++) {
    int from = 50 * i / 8;
    for (int b = 0; b < 8; b++) {
      /* The eighth byte is masked away. */
      gather[8 * i + b] = (uint8_t)(from + b);
      if (b < 7 && i % 2 == 0) {
        even[from + b] = (uint8_t)(8 * i + b);
        o.even_bytes |= UINT64_C(1) << (from + b);
      } else if (b < 7) {
        odd[from + b] = (uint8_t)(8 * i + b);
        o.odd_bytes |= UINT64_C(1) << (from + b);
      }
    }
  }
  o.gather = _mm512_loadu_si512(gather);
  o.even = _mm512_loadu_si512(even);
  o.odd = _mm512_loadu_si512(odd);
  o.shifts = _mm512_setr_epi64(0, 2, 4, 6, 0, 2, 4, 6);
  o.mask = _mm512_set1_epi64((long long)STREAM_WORD_MASK);
  return o;
}

static inline v8 unpack8(v8 bytes, const struct orders *o) {
  v8 lanes = _mm512_permutexvar_epi8(o->gather, bytes);
  return _mm512_and_si512(_mm512_srlv_epi64(lanes, o->shifts), o->mask);
}

static inline v8 pack8(v8 words, const struct orders *o) {
  v8 shifted = _mm512_sllv_epi64(words, o->shifts);
  v8 even = _mm512_maskz_permutexvar_epi8(o->even_bytes, o->even, shifted);
  v8 odd = _mm512_maskz_permutexvar_epi8(o->odd_bytes, o->odd, shifted);
  return _mm512_or_si512(even, odd);
}

static inline v8 load_group(const uint8_t *from) {
  return _mm512_maskz_loadu_epi8(GROUP_MASK, from);
}

void vbmi_pack(const uint64_t *words, size_t count, uint8_t *out) {
  struct orders o = orders_of();
  size_t i = 0;
  for (; i + LANES <= count; i += LANES, out += GROUP_BYTES) {
    _mm512_mask_storeu_epi8(out, GROUP_MASK, pack8(_mm512_loadu_si512(words + i), &o));
  }
  pack_words(words + i, count - i, out);
}

int vbmi_unpack(uint64_t p, const uint8_t *in, uint64_t *words, size_t count) {
  struct orders o = orders_of();
  v8 prime = _mm512_set1_epi64((long long)p);
  __mmask8 bad = 0;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES, in += GROUP_BYTES) {
    v8 w = unpack8(load_group(in), &o);
    bad |= _mm512_cmpge_epu64_mask(w, prime);
    _mm512_storeu_si512(words + i, w);
  }
  return unpack_words(p, in, words + i, count - i) && bad == 0;
}

/*
 * Both operands' next groups are loaded before this one is stored, whole registers at a time: the 14
 * bytes that a store writes beyond its group belong to one that is already in a register and is stored
 * next, and no load waits for a store that reaches into its bytes. The last groups stay inside.
 */
int vbmi_add_packed(uint64_t p, const uint8_t *x, uint8_t *sum, size_t count) {
  struct orders o = orders_of();
  v8 prime = _mm512_set1_epi64((long long)p);
  __mmask8 bad = 0;
  size_t groups = count / LANES;
  size_t g = 0;
  if (groups >= 3) {
    v8 next_x = _mm512_loadu_si512(x);
    v8 next_sum = _mm512_loadu_si512(sum);
    for (; g + 3 <= groups; g++, x += GROUP_BYTES, sum += GROUP_BYTES) {
      v8 a = unpack8(next_x, &o);
      v8 b = unpack8(next_sum, &o);
      next_x = _mm512_loadu_si512(x + GROUP_BYTES);
      next_sum = _mm512_loadu_si512(sum + GROUP_BYTES);
      bad |= _mm512_cmpge_epu64_mask(a, prime);
      v8 s = _mm512_add_epi64(a, b);
      s = _mm512_min_epu64(s, _mm512_sub_epi64(s, prime));
      _mm512_storeu_si512(sum, pack8(s, &o));
    }
    /* The next group's first bytes were overwritten: put them back before it is read again. */
    _mm512_mask_storeu_epi8(sum, GROUP_MASK, next_sum);
  }
  for (; g < groups; g++, x += GROUP_BYTES, sum += GROUP_BYTES) {
    v8 a = unpack8(load_group(x), &o);
    v8 b = unpack8(load_group(sum), &o);
    bad |= _mm512_cmpge_epu64_mask(a, prime);
    v8 s = _mm512_add_epi64(a, b);
    s = _mm512_min_epu64(s, _mm512_sub_epi64(s, prime));
    _mm512_mask_storeu_epi8(sum, GROUP_MASK, pack8(s, &o));
  }
  return add_packed_words(p, x, sum, count - groups * LANES) && bad == 0;
}
