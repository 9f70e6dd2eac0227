/* Runs of words packed, unpacked and added with AVX-512 VBMI. */
#include "vbmi.h"

typedef __m512i v8;

#define LANES 8

static inline v8 load_group(const uint8_t *from) {
  return _mm512_maskz_loadu_epi8(GROUP_MASK, from);
}

void vbmi_pack(const uint64_t *words, size_t count, uint8_t *out) {
  struct word_orders o = word_orders();
  size_t i = 0;
  for (; i + LANES <= count; i += LANES, out += GROUP_BYTES) {
    _mm512_mask_storeu_epi8(out, GROUP_MASK, pack8(_mm512_loadu_si512(words + i), &o));
  }
  pack_words(words + i, count - i, out);
}

int vbmi_unpack(uint64_t p, const uint8_t *in, uint64_t *words, size_t count) {
  struct word_orders o = word_orders();
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
  struct word_orders o = word_orders();
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
