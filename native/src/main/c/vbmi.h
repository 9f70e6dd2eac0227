/*
 * 50-bit words with AVX-512 VBMI: eight words are 50 bytes. Word i begins in byte 50 i / 8, shifted by
 * 50 i mod 8 bits: 0, 2, 4, 6 and again. One permutation of bytes brings each word's 7 bytes into its
 * lane, a shift and a mask do the rest; backwards even and odd words are placed apart and joined.
 */
#ifndef CONCORDAT_VBMI_H
#define CONCORDAT_VBMI_H

#include <immintrin.h>

#include "ring_kernel.h"

#define GROUP_BYTES 50
#define GROUP_MASK ((UINT64_C(1) << GROUP_BYTES) - 1)

struct word_orders {
  __m512i gather, shifts, mask, even, odd;
  __mmask64 even_bytes, odd_bytes;
};

static inline struct word_orders word_orders(void) {
  uint8_t gather[64];
  uint8_t even[64] = {0};
  uint8_t odd[64] = {0};
  struct word_orders o = {.even_bytes = 0, .odd_bytes = 0};
  for (int i = 0; i < 8; i++) {
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

static inline __m512i unpack8(__m512i bytes, const struct word_orders *o) {
  __m512i lanes = _mm512_permutexvar_epi8(o->gather, bytes);
  return _mm512_and_si512(_mm512_srlv_epi64(lanes, o->shifts), o->mask);
}

static inline __m512i pack8(__m512i words, const struct word_orders *o) {
  __m512i shifted = _mm512_sllv_epi64(words, o->shifts);
  __m512i even = _mm512_maskz_permutexvar_epi8(o->even_bytes, o->even, shifted);
  __m512i odd = _mm512_maskz_permutexvar_epi8(o->odd_bytes, o->odd, shifted);
  return _mm512_or_si512(even, odd);
}

#endif
