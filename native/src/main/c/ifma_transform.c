/* The transforms of the IFMA kernel. */
#include "ifma_transform.h"

void ifma_forward(uint64_t p, const struct ntt_tables *t, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.forward(p, t, values);
    return;
  }
  struct ring c = ring_of(p);
  if (n < LEAST_DEGREE) {
    forward_block(&c, t, values, n, 0);
    return;
  }
  struct outer o = outer_of(t, &c);
  size_t part = n / PARTS;
  for (size_t i = 0; i < part; i += LANES) {
    forward_outer(values, n, i, &o, &c);
  }
  for (size_t k = 0; k < PARTS; k++) {
    forward_block(&c, t, values + k * part, part, k);
  }
}

void ifma_inverse(const struct modulus *m, const struct ntt_tables *t, uint64_t scale,
                  uint64_t scale_quotient, uint64_t *values) {
  size_t n = t->degree;
  if (n < 2 * LANES) {
    portable_kernel.inverse(m, t, scale, scale_quotient, values);
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
