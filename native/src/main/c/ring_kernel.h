/*
 * Ring arithmetic modulo a prime p < 2^50. One table of functions for each instruction set; the JNI
 * layer picks by index, Java has checked every range before it calls.
 *
 * All of them: the same bits; no branch and no index that depends on a residue; operands may be the
 * same array at the same place. Residues are in [0, p) on the way in and out. A caller that breaks
 * this gets wrong numbers, never a wild read or write, because no address is computed from data.
 */
#ifndef CONCORDAT_RING_KERNEL_H
#define CONCORDAT_RING_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A prime with the constants of io.concordat.crypto.ring.Modulus: ratio = floor(2^(bits + 62) / p). */
struct modulus {
  uint64_t p;
  uint64_t ratio;
  unsigned bits;
};

/* Powers of psi in the order the butterflies consume them, each with floor(w 2^64 / p), or for the
 * kernel that says so floor(w 2^52 / p). */
struct ntt_tables {
  const uint64_t *roots;
  const uint64_t *quotients;
  size_t degree;
};

struct ring_kernel {
  void (*forward)(uint64_t p, const struct ntt_tables *t, uint64_t *values);
  /* scale = 1/N mod p with floor(scale 2^64 / p). */
  void (*inverse)(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                  uint64_t scale_quotient, uint64_t *values);
  void (*multiply)(const struct modulus *m, const uint64_t *x, const uint64_t *y, uint64_t *out,
                   size_t count);
  void (*multiply_add)(const struct modulus *m, const uint64_t *x, const uint64_t *y,
                       uint64_t *sum, size_t count);
  void (*add)(uint64_t p, const uint64_t *x, uint64_t *sum, size_t count);
  /* excess = p - (2^51 * factor mod p): what adding 2^51 to a signed x costs. */
  void (*add_scaled)(uint64_t p, const int64_t *x, uint64_t factor, uint64_t factor_quotient,
                     uint64_t excess, uint64_t *sum, size_t count);
  void (*lift)(uint64_t p, const int16_t *x, uint64_t *out, size_t count);
  void (*add_small)(uint64_t p, const int16_t *x, uint64_t *sum, size_t count);
  uint64_t (*inner_product)(uint64_t p, const uint64_t *x, const uint64_t *y, size_t count);
  void (*pack)(const uint64_t *words, size_t count, uint8_t *out);
  int (*unpack)(uint64_t p, const uint8_t *in, uint64_t *words, size_t count);
  /* sum += x, both packed; 1 if every word of x is below p and its fill bits are zero, else 0. */
  int (*add_packed)(uint64_t p, const uint8_t *x, uint8_t *sum, size_t count);

  /* Bits of the quotients in its tables: 64, or 52. */
  unsigned quotient_bits;

  /* The rest is NULL where the instruction set brings no gain; Java has its own loops for it. */

  /* The words below p among the stream's, each cut to 50 bits; the last 8 bytes of iv are zero. */
  void (*uniform)(const uint8_t *key, const uint8_t *iv, uint64_t p, uint64_t *out, size_t count);
  /* Draws of D, 16 bytes of the stream each; 63 thresholds below 2^127, ascending, in two halves. */
  void (*gaussian)(const uint8_t *key, const uint64_t *high, const uint64_t *low, int16_t *out,
                   size_t count);
  /* sum += x_0 f_0 + x_1 f_1 + .., at most 8 terms; x_j begins at x + j stride, |x| <= 2^50. */
  void (*add_scaled_terms)(uint64_t p, const int64_t *x, size_t stride, size_t terms,
                           const uint64_t *factors, uint64_t *sum, size_t count);
  /* For each i: t = values + carry; its balanced low digit of `width` bits goes into chunk, shifted,
     the rest becomes carry. The sign of the result tells whether a value was beyond 2^62. */
  int64_t (*take_slot)(const int64_t *values, int64_t *carry, unsigned width, int64_t *chunk,
                       unsigned shift, size_t count);
  /* The first `rows` coefficients of a times the key, a being what `uniform` gives and the key in the
     transform's domain; the rest of the N values is left as it came. */
  void (*expanded_product)(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                           uint64_t scale_quotient, const uint8_t *stream_key, const uint8_t *iv,
                           const uint64_t *key, uint64_t *values, size_t rows);
  /* values + error + terms as in add_scaled_terms, packed. */
  void (*finish_run)(uint64_t p, const int16_t *error, const int64_t *chunks, size_t stride,
                     size_t terms, const uint64_t *factors, const uint64_t *values, size_t rows,
                     uint8_t *out);
};

extern const struct ring_kernel portable_kernel;
#ifdef CONCORDAT_IFMA
extern const struct ring_kernel ifma_kernel;
#endif
#ifdef CONCORDAT_AVX2
extern const struct ring_kernel avx2_kernel;
#endif

/* Words of 50 bits as one little-endian bit string, four words in 25 bytes. */
void pack_words(const uint64_t *words, size_t count, uint8_t *out);

/* 1 if every word is below p and every fill bit zero, else 0; the words are written either way. */
int unpack_words(uint64_t p, const uint8_t *in, uint64_t *words, size_t count);
int add_packed_words(uint64_t p, const uint8_t *x, uint8_t *sum, size_t count);

/* Key streams of AES-256-CTR in hardware: 128 and 512 bits at a time. */
void aesni_uniform(const uint8_t *key, const uint8_t *iv, uint64_t p, uint64_t *out, size_t count);
void aesni_gaussian(const uint8_t *key, const uint64_t *high, const uint64_t *low, int16_t *out,
                    size_t count);
void vaes_uniform(const uint8_t *key, const uint8_t *iv, uint64_t p, uint64_t *out, size_t count);
void vaes_gaussian(const uint8_t *key, const uint64_t *high, const uint64_t *low, int16_t *out,
                   size_t count);

/* The IFMA kernel's transforms and runs. */
void ifma_forward(uint64_t p, const struct ntt_tables *t, uint64_t *values);
void ifma_inverse(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                  uint64_t scale_quotient, uint64_t *values);
void ifma_expanded_product(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                           uint64_t scale_quotient, const uint8_t *stream_key, const uint8_t *iv,
                           const uint64_t *key, uint64_t *values, size_t rows);
void ifma_finish_run(uint64_t p, const int16_t *error, const int64_t *chunks, size_t stride,
                     size_t terms, const uint64_t *factors, const uint64_t *values, size_t rows,
                     uint8_t *out);

/* The AVX2 kernel's transforms. */
void avx2_forward(uint64_t p, const struct ntt_tables *t, uint64_t *values);
void avx2_inverse(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                  uint64_t scale_quotient, uint64_t *values);

/* Words packed with AVX-512 VBMI. */
void vbmi_pack(const uint64_t *words, size_t count, uint8_t *out);
int vbmi_unpack(uint64_t p, const uint8_t *in, uint64_t *words, size_t count);
int vbmi_add_packed(uint64_t p, const uint8_t *x, uint8_t *sum, size_t count);

/* Thresholds of D below its middle, and bytes of the stream that one draw takes. */
#define THRESHOLDS 63
#define DRAW_BYTES 16
#define STREAM_WORD_MASK ((UINT64_C(1) << 50) - 1)

/* Zeroes secrets; the compiler may not leave it out. */
static inline void wipe(void *secret, size_t bytes) {
  memset(secret, 0, bytes);
  __asm__ volatile("" : : "r"(secret) : "memory");
}

#define SIGNED_LIFT (UINT64_C(1) << 51)

/* x below 2m to x mod m, by a mask. Both below 2^63, so the sign of the difference tells. */
static inline uint64_t below(uint64_t x, uint64_t m) {
  uint64_t reduced = x - m;
  return reduced + (m & (uint64_t)((int64_t)reduced >> 63));
}

/* x w mod p, below 2p, for any x (Shoup): quotient = floor(w 2^64 / p) costs at most one p. */
static inline uint64_t lazy_product(uint64_t x, uint64_t w, uint64_t quotient, uint64_t p) {
  return x * w - (uint64_t)(((unsigned __int128)x * quotient) >> 64) * p;
}

/*
 * x y mod p (Barrett). z = x y < 2^(2 bits), t = floor(z / 2^(bits-2)) < 2^(bits+2) <= 2^52, and
 * ratio < 2^63: flooring t costs less than ratio / 2^64 <= 1/2 of the quotient, flooring ratio less
 * than t / 2^64, so the quotient is short by at most one and the remainder below 2p.
 */
static inline uint64_t product(uint64_t x, uint64_t y, const struct modulus *m) {
  unsigned __int128 z = (unsigned __int128)x * y;
  uint64_t t = (uint64_t)(z >> (m->bits - 2));
  uint64_t quotient = (uint64_t)(((unsigned __int128)t * m->ratio) >> 64);
  return below((uint64_t)z - quotient * m->p, m->p);
}

#endif
