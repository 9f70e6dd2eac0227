/* The 15 round keys of AES-256 (FIPS 197, 5.2), with the processor's own step. */
#ifndef CONCORDAT_AES_KEY_H
#define CONCORDAT_AES_KEY_H

#include <immintrin.h>
#include <stdint.h>

#define AES_ROUND_KEYS 15

/* x0, x0+x1, x0+x1+x2, x0+x1+x2+x3 (exclusive or). */
static inline __m128i running_xor(__m128i x) {
  x = _mm_xor_si128(x, _mm_slli_si128(x, 4));
  return _mm_xor_si128(x, _mm_slli_si128(x, 8));
}

#define EVEN_KEY(i, rcon)                                                                    \
  keys[i] = _mm_xor_si128(                                                                   \
      running_xor(keys[i - 2]),                                                              \
      _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[i - 1], rcon), 0xff))
#define ODD_KEY(i)                                                                           \
  keys[i] = _mm_xor_si128(                                                                   \
      running_xor(keys[i - 2]),                                                              \
      _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[i - 1], 0), 0xaa))

static inline void expand_key(const uint8_t *key, __m128i *keys) {
  keys[0] = _mm_loadu_si128((const __m128i *)key);
  keys[1] = _mm_loadu_si128((const __m128i *)(key + 16));
  EVEN_KEY(2, 0x01);
  ODD_KEY(3);
  EVEN_KEY(4, 0x02);
  ODD_KEY(5);
  EVEN_KEY(6, 0x04);
  ODD_KEY(7);
  EVEN_KEY(8, 0x08);
  ODD_KEY(9);
  EVEN_KEY(10, 0x10);
  ODD_KEY(11);
  EVEN_KEY(12, 0x20);
  ODD_KEY(13);
  EVEN_KEY(14, 0x40);
}

#endif
