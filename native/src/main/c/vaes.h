/* AES-256-CTR with VAES: 32 blocks in flight, four in a register. */
#ifndef CONCORDAT_VAES_H
#define CONCORDAT_VAES_H

#include "aes_key.h"
#include "ring_kernel.h"

#define REGISTERS 8

struct vaes_stream {
  __m512i keys[AES_ROUND_KEYS];
  /* Four counters as little-endian numbers in the odd lanes, the head in the even ones. */
  __m512i counters;
};

static inline void begin(struct vaes_stream *s, const uint8_t *key, uint64_t head) {
  __m128i keys[AES_ROUND_KEYS];
  expand_key(key, keys);
  for (int i = 0; i < AES_ROUND_KEYS; i++) {
    s->keys[i] = _mm512_broadcast_i32x4(keys[i]);
  }
  wipe(keys, sizeof keys);
  long long h = (long long)head;
  s->counters = _mm512_setr_epi64(h, 0, h, 1, h, 2, h, 3);
}

/* The next 512 bytes. */
static inline __attribute__((always_inline)) void next(struct vaes_stream *s, __m512i *x) {
  const __m512i order = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 15, 14, 13, 12, 11, 10, 9, 8));
  const __m512i four = _mm512_setr_epi64(0, 4, 0, 4, 0, 4, 0, 4);
  __m512i counters = s->counters;
#pragma GCC unroll 8
  for (int i = 0; i < REGISTERS; i++) {
    x[i] = _mm512_xor_si512(_mm512_shuffle_epi8(counters, order), s->keys[0]);
    counters = _mm512_add_epi64(counters, four);
  }
  s->counters = counters;
#pragma GCC unroll 16
  for (int round = 1; round < AES_ROUND_KEYS - 1; round++) {
    __m512i k = s->keys[round];
#pragma GCC unroll 8
    for (int i = 0; i < REGISTERS; i++) {
      x[i] = _mm512_aesenc_epi128(x[i], k);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < REGISTERS; i++) {
    x[i] = _mm512_aesenclast_epi128(x[i], s->keys[AES_ROUND_KEYS - 1]);
  }
}

#endif
