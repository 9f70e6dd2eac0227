/*
 * What a ciphertext's runs are made by: a times the key for one block and one prime, from the key
 * stream to coefficients, and from coefficients to bytes. An eighth of the ring at a time is expanded,
 * multiplied and taken through all its inner layers while it stays in the nearest cache (16 KiB for
 * N = 16384); then the outer layers go over all eighths once.
 */
#include "ifma_transform.h"
#include "vaes.h"
#include "vbmi.h"

#define BATCH (REGISTERS * LANES)

/* A stream of residues and those of its last batch that were not asked for yet. */
struct feed {
  struct vaes_stream stream;
  uint64_t held[BATCH];
  size_t from, to;
};

/* The next `count` words below p. A skipped word is rare (2^-28 for a large prime), and public. */
static void take(struct feed *f, uint64_t p, uint64_t *out, size_t count) {
  vec mask = all(STREAM_WORD_MASK);
  vec prime = all(p);
  size_t kept = 0;
  while (kept < count && f->from < f->to) {
    out[kept++] = f->held[f->from++];
  }
  while (kept < count) {
    vec x[REGISTERS];
    next(&f->stream, x);
    __mmask8 bad = 0;
    for (int i = 0; i < REGISTERS; i++) {
      x[i] = _mm512_and_si512(x[i], mask);
      bad |= _mm512_cmpge_epu64_mask(x[i], prime);
    }
    if (__builtin_expect(bad == 0 && kept + BATCH <= count, 1)) {
      for (int i = 0; i < REGISTERS; i++) {
        store(out + kept + LANES * i, x[i]);
      }
      kept += BATCH;
      continue;
    }
    uint64_t words[BATCH];
    memcpy(words, x, sizeof words);
    f->from = f->to = 0;
    for (size_t i = 0; i < BATCH; i++) {
      if (words[i] >= p) {
        continue;
      }
      if (kept < count) {
        out[kept++] = words[i];
      } else {
        f->held[f->to++] = words[i];
      }
    }
  }
}

static void product_of_part(struct feed *f, const struct modulus *m, const struct ntt_tables *t,
                            const uint64_t *key, uint64_t *values, size_t part, size_t k,
                            const struct ring *c) {
  struct barrett b = barrett_of(m);
  take(f, m->p, values, part);
  for (size_t g = 0; g < part / (2 * LANES); g++) {
    size_t i = 2 * LANES * g;
    inverse_from_registers(product_v(load(values + i), load(key + i), &b),
                           product_v(load(values + i + LANES), load(key + i + LANES), &b),
                           values + i, t, k * (part / (2 * LANES)) + g, c);
  }
  inverse_block_in_memory(c, t, values, part, k);
}

/* Parts of the ring that hold coefficients below `rows`, in the steps that inverse_outer knows. */
static inline __attribute__((always_inline)) void outer_pass(uint64_t *values, size_t n,
                                                             const struct outer *o,
                                                             const struct ring *c,
                                                             const size_t wanted, size_t rows) {
  size_t part = n / PARTS;
  size_t end = rows < part ? rows : part;
  for (size_t i = 0; i < end; i += LANES) {
    vec x[PARTS];
    inverse_outer(values, n, i, o, c, wanted, x);
    for (size_t k = 0; k < wanted; k++) {
      store(values + k * part + i, x[k]);
    }
  }
}

void ifma_expanded_product(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                           uint64_t scale_quotient, const uint8_t *stream_key, const uint8_t *iv,
                           const uint64_t *key, uint64_t *values, size_t rows) {
  size_t n = t->degree;
  if (n < LEAST_DEGREE) {
    vaes_uniform(stream_key, iv, m->p, values, n);
    ifma_kernel.multiply(m, values, key, values, n);
    ifma_inverse(m, t, scale, scale_quotient, values);
    return;
  }
  struct ring c = ring_of(m->p);
  struct outer o = outer_of_inverse(m, t, scale, scale_quotient, &c);
  struct feed f;
  uint64_t head;
  memcpy(&head, iv, sizeof head);
  begin(&f.stream, stream_key, head);
  f.from = f.to = 0;
  size_t part = n / PARTS;
  for (size_t k = 0; k < PARTS; k++) {
    product_of_part(&f, m, t, key + k * part, values + k * part, part, k, &c);
  }
  if (rows <= part) {
    outer_pass(values, n, &o, &c, 1, rows);
  } else if (rows <= 4 * part) {
    outer_pass(values, n, &o, &c, 4, rows);
  } else {
    outer_pass(values, n, &o, &c, PARTS, rows);
  }
}

/* values + error + terms, eight at a time from memory to fifty bytes. */
void ifma_finish_run(uint64_t p, const int16_t *error, const int64_t *chunks, size_t stride,
                     size_t terms, const uint64_t *factors, const uint64_t *values, size_t rows,
                     uint8_t *out) {
  struct ring c = ring_of(p);
  struct terms t = terms_of(p, chunks, stride, terms, factors);
  struct word_orders orders = word_orders();
  size_t i = 0;
  for (; i + LANES <= rows; i += LANES, out += GROUP_BYTES) {
    vec e = residues_of_small(_mm_loadu_si128((const __m128i *)(error + i)), c.p);
    vec s = below_v(_mm512_add_epi64(load(values + i), e), c.p);
    if (terms > 0) {
      s = with_terms(s, &t, i, 0xff, &c);
    }
    _mm512_mask_storeu_epi8(out, GROUP_MASK, pack8(s, &orders));
  }
  if (i < rows) {
    uint64_t last[LANES] = {0};
    int16_t small[LANES] = {0};
    __mmask8 k = lanes_left(rows - i);
    memcpy(last, values + i, (rows - i) * sizeof *last);
    memcpy(small, error + i, (rows - i) * sizeof *small);
    vec e = residues_of_small(_mm_loadu_si128((const __m128i *)small), c.p);
    vec s = below_v(_mm512_add_epi64(load(last), e), c.p);
    store(last, terms > 0 ? with_terms(s, &t, i, k, &c) : s);
    pack_words(last, rows - i, out);
    wipe(last, sizeof last);
    wipe(small, sizeof small);
  }
}
