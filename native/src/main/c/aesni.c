/*
 * Key streams with AES-NI, eight blocks in flight: the instruction's latency is hidden, and the time
 * depends on nothing but the length (no tables, unlike AES in plain C).
 */
#include "aes_key.h"
#include "ring_kernel.h"

#define IN_FLIGHT 8
#define BATCH_BYTES 4096

/* Counters from `first` on; the counter is the last 8 bytes of the block, big-endian. */
static void stream(const __m128i *keys, uint64_t head, uint64_t first, uint8_t *out, size_t bytes) {
  for (size_t at = 0; at < bytes; at += 16 * IN_FLIGHT) {
    __m128i x[IN_FLIGHT];
    for (int i = 0; i < IN_FLIGHT; i++) {
      uint64_t counter = __builtin_bswap64(first++);
      x[i] = _mm_xor_si128(_mm_set_epi64x((long long)counter, (long long)head), keys[0]);
    }
    for (int round = 1; round < AES_ROUND_KEYS - 1; round++) {
      for (int i = 0; i < IN_FLIGHT; i++) {
        x[i] = _mm_aesenc_si128(x[i], keys[round]);
      }
    }
    for (int i = 0; i < IN_FLIGHT; i++) {
      x[i] = _mm_aesenclast_si128(x[i], keys[AES_ROUND_KEYS - 1]);
      _mm_storeu_si128((__m128i *)(out + at + 16 * (size_t)i), x[i]);
    }
  }
}

void aesni_uniform(const uint8_t *key, const uint8_t *iv, uint64_t p, uint64_t *out,
                   size_t count) {
  __m128i keys[AES_ROUND_KEYS];
  uint64_t words[BATCH_BYTES / 8];
  uint64_t head;
  uint64_t block = 0;
  expand_key(key, keys);
  memcpy(&head, iv, sizeof head);
  /* Public words: the branch on them is free. */
  for (size_t kept = 0; kept < count; block += BATCH_BYTES / 16) {
    stream(keys, head, block, (uint8_t *)words, BATCH_BYTES);
    for (size_t i = 0; i < BATCH_BYTES / 8 && kept < count; i++) {
      uint64_t word = words[i] & STREAM_WORD_MASK;
      out[kept] = word;
      kept += word < p;
    }
  }
}

/*
 * Every threshold is compared with every draw, so neither branch nor index depends on it. Below
 * 2^127 the high halves are not negative as signed numbers, and the sign of the 128-bit difference
 * is that of high - threshold - borrow.
 */
static void draw(const uint64_t *random, const uint64_t *high, const uint64_t *low, int16_t *out,
                 size_t count) {
  for (size_t i = 0; i < count; i++) {
    int64_t sign = (int64_t)random[2 * i + 1] >> 63;
    uint64_t h = random[2 * i + 1] ^ (uint64_t)sign;
    uint64_t l = random[2 * i] ^ (uint64_t)sign;
    int64_t greater = 0;
    for (int t = 0; t < THRESHOLDS; t++) {
      uint64_t borrow = ((~l & low[t]) | (~(l ^ low[t]) & (l - low[t]))) >> 63;
      greater += (int64_t)(h - high[t] - borrow) >> 63;
    }
    out[i] = (int16_t)((greater ^ sign) - sign);
  }
}

void aesni_gaussian(const uint8_t *key, const uint64_t *high, const uint64_t *low, int16_t *out,
                    size_t count) {
  __m128i keys[AES_ROUND_KEYS];
  uint64_t random[BATCH_BYTES / 8];
  uint64_t block = 0;
  const size_t batch = BATCH_BYTES / DRAW_BYTES;
  expand_key(key, keys);
  for (size_t done = 0; done < count; done += batch, block += BATCH_BYTES / 16) {
    stream(keys, 0, block, (uint8_t *)random, BATCH_BYTES);
    draw(random, high, low, out + done, count - done < batch ? count - done : batch);
  }
  wipe(keys, sizeof keys);
  wipe(random, sizeof random);
}
