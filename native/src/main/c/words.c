/* Residues on the wire: 50 bits each, little-endian, four words in 25 bytes. */
#include <string.h>

#include "ring_kernel.h"

#define WORD_MASK ((UINT64_C(1) << 50) - 1)

static uint64_t little_endian(uint64_t value) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return value;
#else
  return __builtin_bswap64(value);
#endif
}

static void store(uint8_t *out, uint64_t value) {
  value = little_endian(value);
  memcpy(out, &value, sizeof value);
}

static uint64_t load(const uint8_t *in) {
  uint64_t value;
  memcpy(&value, in, sizeof value);
  return little_endian(value);
}

static void pack_four(const uint64_t *w, uint8_t *out) {
  store(out, w[0] | w[1] << 50);
  store(out + 8, w[1] >> 14 | w[2] << 36);
  store(out + 16, w[2] >> 28 | w[3] << 22);
  out[24] = (uint8_t)(w[3] >> 42);
}

static void unpack_four(const uint8_t *in, uint64_t *w) {
  uint64_t a = load(in);
  uint64_t b = load(in + 8);
  uint64_t c = load(in + 16);
  w[0] = a & WORD_MASK;
  w[1] = (a >> 50 | b << 14) & WORD_MASK;
  w[2] = (b >> 36 | c << 28) & WORD_MASK;
  w[3] = (c >> 22 | (uint64_t)in[24] << 42) & WORD_MASK;
}

void pack_words(const uint64_t *words, size_t count, uint8_t *out) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4, out += 25) {
    pack_four(words + i, out);
  }
  if (i < count) {
    uint64_t last[4] = {0, 0, 0, 0};
    uint8_t bytes[25];
    memcpy(last, words + i, (count - i) * sizeof(uint64_t));
    pack_four(last, bytes);
    memcpy(out, bytes, (50 * (count - i) + 7) / 8);
  }
}

int unpack_words(uint64_t p, const uint8_t *in, uint64_t *words, size_t count) {
  uint64_t all_below = UINT64_MAX;
  uint64_t fill = 0;
  size_t i = 0;
  for (; i + 4 <= count; i += 4, in += 25) {
    unpack_four(in, words + i);
    for (int k = 0; k < 4; k++) {
      all_below &= words[i + k] - p;
    }
  }
  if (i < count) {
    uint64_t last[4];
    uint8_t bytes[25] = {0};
    size_t left = count - i;
    memcpy(bytes, in, (50 * left + 7) / 8);
    unpack_four(bytes, last);
    memcpy(words + i, last, left * sizeof(uint64_t));
    for (size_t k = 0; k < left; k++) {
      all_below &= last[k] - p;
    }
    /* What lies after the last word in the last byte shows in the word that is not there. */
    fill = last[left];
  }
  return (int64_t)all_below < 0 && fill == 0;
}

/* Forty words at a time, so that three runs of bytes and words stay in the nearest cache. */
int add_packed_words(uint64_t p, const uint8_t *x, uint8_t *sum, size_t count) {
  uint64_t a[40];
  uint64_t b[40];
  int good = 1;
  for (size_t i = 0; i < count; i += 40, x += 250, sum += 250) {
    size_t some = count - i < 40 ? count - i : 40;
    good &= unpack_words(p, x, a, some);
    unpack_words(p, sum, b, some);
    for (size_t k = 0; k < some; k++) {
      /* A word beyond p is refused by the result; the mask keeps it inside its 50 bits till then. */
      b[k] = below(b[k] + a[k], p) & WORD_MASK;
    }
    pack_words(b, some, sum);
  }
  return good;
}
