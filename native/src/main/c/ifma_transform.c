/* The transforms of the IFMA kernel. */
#include "ifma_transform.h"

/* Too few words for the registers: portable C, which takes quotients of 64 bits. */
static struct ntt_tables tiny(const struct ntt_tables *t, uint64_t p, uint64_t *quotients) {
  for (size_t i = 0; i < t->degree; i++) {
    quotients[i] = (uint64_t)(((unsigned __int128)t->roots[i] << 64) / p);
  }
  return (struct ntt_tables){t->roots, quotients, t->degree};
}

void ifma_forward(uint64_t p, const struct ntt_tables *t, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    uint64_t quotients[2 * LANES];
    struct ntt_tables small = tiny(t, p, quotients);
    portable_kernel.forward(p, &small, values);
    return;
  }
  struct ring c = ring_of(p);
  if (n < LEAST_DEGREE) {
    forward_block(&c, t, values, n, 0);
    return;
  }
  /* Two layers or three over the whole ring, so that an even number is left for each part. */
  int even = __builtin_ctzll(n / LANES) % 2 == 0;
  size_t parts = even ? 4 : PARTS;
  if (even) {
    forward_two_layers(&c, t, values, n / 2, 1, 1);
  } else {
    struct outer o = outer_of(t, &c);
    for (size_t i = 0; i < n / PARTS; i += LANES) {
      forward_outer(values, n, i, &o, &c);
    }
  }
  for (size_t k = 0; k < parts; k++) {
    forward_block(&c, t, values + k * (n / parts), n / parts, k);
  }
}

void ifma_inverse(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                  uint64_t scale_quotient, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    uint64_t quotients[2 * LANES];
    struct ntt_tables small = tiny(t, m->p, quotients);
    portable_kernel.inverse(m, &small, scale, scale_quotient, values);
    return;
  }
  struct ring c = ring_of(m->p);
  if (n < LEAST_DEGREE) {
    inverse_block(&c, t, values, n, 0);
    struct root s = root_of(scale, scale_quotient);
    for (size_t i = 0; i < n; i += LANES) {
      store(values + i, below_v(lazy_product_v(load(values + i), s, &c), c.p));
    }
    return;
  }
  struct outer o = outer_of_inverse(m, t, scale, scale_quotient, &c);
  size_t part = n / PARTS;
  for (size_t k = 0; k < PARTS; k++) {
    inverse_block(&c, t, values + k * part, part, k);
  }
  for (size_t i = 0; i < part; i += LANES) {
    vec x[PARTS];
    inverse_outer(values, n, i, &o, &c, PARTS, x);
    for (size_t k = 0; k < PARTS; k++) {
      store(values + k * part + i, x[k]);
    }
  }
}
