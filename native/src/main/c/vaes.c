/* What is read out of the key streams: public words and errors. */
#include "vaes.h"

typedef __m512i v8;

#define LANES 8

/* Public words: skipping by a branch is free, and it happens once in 2^28 words of a large prime. */
void vaes_uniform(const uint8_t *key, const uint8_t *iv, uint64_t p, uint64_t *out, size_t count) {
  struct vaes_stream s;
  uint64_t head;
  memcpy(&head, iv, sizeof head);
  begin(&s, key, head);
  v8 mask = _mm512_set1_epi64((long long)STREAM_WORD_MASK);
  v8 prime = _mm512_set1_epi64((long long)p);
  size_t kept = 0;
  while (kept < count) {
    v8 x[REGISTERS];
    next(&s, x);
#pragma GCC unroll 8
    for (int i = 0; i < REGISTERS; i++) {
      v8 words = _mm512_and_si512(x[i], mask);
      __mmask8 good = _mm512_cmplt_epu64_mask(words, prime);
      if (__builtin_expect(good == 0xff && kept + LANES <= count, 1)) {
        _mm512_storeu_si512(out + kept, words);
        kept += LANES;
      } else {
        uint64_t some[LANES];
        _mm512_storeu_si512(some, words);
        for (int lane = 0; lane < LANES && kept < count; lane++) {
          out[kept] = some[lane];
          kept += (size_t)(good >> lane & 1);
        }
      }
    }
  }
}

/*
 * c = #{i : T[i] <= r} by bisection among the 63 thresholds, for eight draws at once. The level that
 * steps by 2^k chooses among T[2^k - 1 + 2^(k+1) j], j = bits of c found so far: at most 32 entries,
 * picked out of registers by permutation. No address and no branch depends on a draw, and a
 * permutation takes the same time whatever it moves.
 */
struct levels {
  v8 step32, step16, step8, step4, step2[2], step1[4];
};

static void levels_of(const uint64_t *thresholds, struct levels *out) {
  uint64_t entries[64];
  v8 *level[] = {&out->step1[0], &out->step2[0], &out->step4, &out->step8, &out->step16, &out->step32};
  for (int k = 0; k < 6; k++) {
    int found = 1 << (5 - k);
    for (int j = 0; j < 64; j++) {
      entries[j] = thresholds[(1 << k) - 1 + ((j % found) << (k + 1))];
    }
    for (int r = 0; r < (found + LANES - 1) / LANES; r++) {
      level[k][r] = _mm512_loadu_si512(entries + LANES * r);
    }
  }
}

static inline v8 among32(const v8 *table, v8 index) {
  v8 first = _mm512_permutex2var_epi64(table[0], index, table[1]);
  v8 second = _mm512_permutex2var_epi64(table[2], index, table[3]);
  __mmask8 upper = _mm512_test_epi64_mask(index, _mm512_set1_epi64(16));
  return _mm512_mask_blend_epi64(upper, first, second);
}

/* Adds `step` to c where (th, tl) <= (h, l) as 128-bit numbers. */
static inline v8 climb(v8 c, v8 h, v8 l, v8 th, v8 tl, long long step) {
  __mmask8 above = _mm512_cmplt_epu64_mask(th, h);
  __mmask8 same = _mm512_cmpeq_epi64_mask(th, h);
  __mmask8 low = _mm512_mask_cmple_epu64_mask(same, tl, l);
  return _mm512_mask_add_epi64(c, above | low, c, _mm512_set1_epi64(step));
}

static inline __m128i draw8(v8 x, v8 y, const struct levels *high, const struct levels *low) {
  v8 l = _mm512_unpacklo_epi64(x, y);
  v8 h = _mm512_unpackhi_epi64(x, y);
  v8 sign = _mm512_srai_epi64(h, 63);
  l = _mm512_xor_si512(l, sign);
  h = _mm512_xor_si512(h, sign);
  v8 c = _mm512_setzero_si512();
  c = climb(c, h, l, high->step32, low->step32, 32);
  v8 j = _mm512_srli_epi64(c, 5);
  c = climb(c, h, l, _mm512_permutexvar_epi64(j, high->step16),
            _mm512_permutexvar_epi64(j, low->step16), 16);
  j = _mm512_srli_epi64(c, 4);
  c = climb(c, h, l, _mm512_permutexvar_epi64(j, high->step8),
            _mm512_permutexvar_epi64(j, low->step8), 8);
  j = _mm512_srli_epi64(c, 3);
  c = climb(c, h, l, _mm512_permutexvar_epi64(j, high->step4),
            _mm512_permutexvar_epi64(j, low->step4), 4);
  j = _mm512_srli_epi64(c, 2);
  c = climb(c, h, l, _mm512_permutex2var_epi64(high->step2[0], j, high->step2[1]),
            _mm512_permutex2var_epi64(low->step2[0], j, low->step2[1]), 2);
  j = _mm512_srli_epi64(c, 1);
  c = climb(c, h, l, among32(high->step1, j), among32(low->step1, j), 1);
  /* The draw is c - 63 for r below 2^127 and 63 - c above. */
  v8 x0 = _mm512_sub_epi64(c, _mm512_set1_epi64(THRESHOLDS));
  v8 draw = _mm512_sub_epi64(_mm512_xor_si512(x0, sign), sign);
  /* Unpacking took draws in the order 0 4 1 5 2 6 3 7. */
  draw = _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), draw);
  return _mm512_cvtepi64_epi16(draw);
}

void vaes_gaussian(const uint8_t *key, const uint64_t *high, const uint64_t *low, int16_t *out,
                   size_t count) {
  struct vaes_stream s;
  struct levels highs;
  struct levels lows;
  const size_t batch = REGISTERS / 2 * LANES;
  begin(&s, key, 0);
  levels_of(high, &highs);
  levels_of(low, &lows);
  v8 x[REGISTERS];
  int16_t last[REGISTERS / 2 * LANES];
  for (size_t done = 0; done < count; done += batch) {
    next(&s, x);
    int whole = count - done >= batch;
    int16_t *to = whole ? out + done : last;
    for (int i = 0; i < REGISTERS; i += 2) {
      _mm_storeu_si128((__m128i *)(to + i / 2 * LANES), draw8(x[i], x[i + 1], &highs, &lows));
    }
    if (!whole) {
      memcpy(out + done, last, (count - done) * sizeof *out);
      wipe(last, sizeof last);
    }
  }
  wipe(x, sizeof x);
  wipe(&s, sizeof s);
}
