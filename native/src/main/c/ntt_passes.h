/*
 * The passes of both transforms over memory, written once for all instruction sets (Longa and Naehrig,
 * eprint 2016/504, algorithms 1 and 2). The file that includes this one has defined before it:
 *
 *   LANES, vec                 residues in a register, its type
 *   struct ring, struct root   constants of the prime; a root of unity with its quotient
 *   load, store                between memory and a register
 *   one_root(t, at, c)         entry `at` of the tables in all lanes
 *   forward_butterfly, inverse_butterfly
 *   entering(x, c)             brings an upper operand of a forward pass into its bound
 *   settled(x, c)              brings a sum that went through all layers of an inverse pass into its bound
 *   forward_in_registers, inverse_in_registers
 *                              the layers of gaps below LANES on 2 LANES neighbours, the g-th of the ring
 *
 * A pass takes two layers, so that each word is loaded and stored half as often. A block of neighbours
 * whose remaining layers all lie within it is worked off as a whole: it stays in the nearest cache.
 */
#ifndef CONCORDAT_NTT_PASSES_H
#define CONCORDAT_NTT_PASSES_H

/* Layers of gaps `gap` and gap / 2 on neighbouring groups; `first` is the root of the first of them. */
static inline void forward_two_layers(const struct ring *c, const struct ntt_tables *t, uint64_t *at,
                                      size_t gap, size_t groups, size_t first) {
  size_t half = gap / 2;
  for (size_t g = 0; g < groups; g++) {
    uint64_t *a = at + 2 * g * gap;
    struct root r = one_root(t, first + g, c);
    struct root r0 = one_root(t, 2 * (first + g), c);
    struct root r1 = one_root(t, 2 * (first + g) + 1, c);
    for (size_t i = 0; i < half; i += LANES) {
      vec x0 = entering(load(a + i), c);
      vec x1 = entering(load(a + half + i), c);
      vec x2 = load(a + gap + i);
      vec x3 = load(a + gap + half + i);
      forward_butterfly(&x0, &x2, r, c);
      forward_butterfly(&x1, &x3, r, c);
      forward_butterfly(&x0, &x1, r0, c);
      forward_butterfly(&x2, &x3, r1, c);
      store(a + i, x0);
      store(a + half + i, x1);
      store(a + gap + i, x2);
      store(a + gap + half + i, x3);
    }
  }
}

static inline void forward_one_layer(const struct ring *c, const struct ntt_tables *t, uint64_t *at,
                                     size_t gap, size_t groups, size_t first) {
  for (size_t g = 0; g < groups; g++) {
    uint64_t *a = at + 2 * g * gap;
    struct root r = one_root(t, first + g, c);
    for (size_t i = 0; i < gap; i += LANES) {
      vec u = entering(load(a + i), c);
      vec v = load(a + gap + i);
      forward_butterfly(&u, &v, r, c);
      store(a + i, u);
      store(a + gap + i, v);
    }
  }
}

/* All layers within a block of `length` neighbours, the index-th of the ring, the last in registers. */
static inline void forward_block(const struct ring *c, const struct ntt_tables *t, uint64_t *at,
                                 size_t length, size_t index) {
  size_t root = t->degree / length + index;
  size_t gap = length / 2;
  size_t groups = 1;
  for (; gap >= 2 * LANES; gap >>= 2, groups <<= 2) {
    forward_two_layers(c, t, at, gap, groups, root * groups);
  }
  if (gap == LANES) {
    forward_one_layer(c, t, at, gap, groups, root * groups);
  }
  for (size_t g = 0; g < length / (2 * LANES); g++) {
    forward_in_registers(at + 2 * LANES * g, t, index * (length / (2 * LANES)) + g, c);
  }
}

/* Layers of gaps `gap` and 2 gap on neighbouring groups of 4 gap; `first` is the outer root. */
static inline void inverse_two_layers(const struct ring *c, const struct ntt_tables *t, uint64_t *at,
                                      size_t gap, size_t groups, size_t first) {
  for (size_t g = 0; g < groups; g++) {
    uint64_t *a = at + 4 * g * gap;
    struct root r0 = one_root(t, 2 * (first + g), c);
    struct root r1 = one_root(t, 2 * (first + g) + 1, c);
    struct root r = one_root(t, first + g, c);
    for (size_t i = 0; i < gap; i += LANES) {
      vec x0 = load(a + i);
      vec x1 = load(a + gap + i);
      vec x2 = load(a + 2 * gap + i);
      vec x3 = load(a + 3 * gap + i);
      inverse_butterfly(&x0, &x1, r0, c);
      inverse_butterfly(&x2, &x3, r1, c);
      inverse_butterfly(&x0, &x2, r, c);
      inverse_butterfly(&x1, &x3, r, c);
      store(a + i, settled(x0, c));
      store(a + gap + i, x1);
      store(a + 2 * gap + i, x2);
      store(a + 3 * gap + i, x3);
    }
  }
}

static inline void inverse_one_layer(const struct ring *c, const struct ntt_tables *t, uint64_t *at,
                                     size_t gap, size_t groups, size_t first) {
  for (size_t g = 0; g < groups; g++) {
    uint64_t *a = at + 2 * g * gap;
    struct root r = one_root(t, first + g, c);
    for (size_t i = 0; i < gap; i += LANES) {
      vec u = load(a + i);
      vec v = load(a + gap + i);
      inverse_butterfly(&u, &v, r, c);
      store(a + i, settled(u, c));
      store(a + gap + i, v);
    }
  }
}

/* The layers of gaps from LANES to length / 2 within a block whose smaller gaps are done. */
static inline void inverse_block_in_memory(const struct ring *c, const struct ntt_tables *t,
                                           uint64_t *at, size_t length, size_t index) {
  size_t root = t->degree / length + index;
  size_t gap = LANES;
  size_t groups = length / (2 * LANES);
  for (; groups >= 2; gap <<= 2, groups >>= 2) {
    inverse_two_layers(c, t, at, gap, groups / 2, root * (groups / 2));
  }
  if (groups == 1) {
    inverse_one_layer(c, t, at, gap, 1, root);
  }
}

/* All layers within a block. */
static inline void inverse_block(const struct ring *c, const struct ntt_tables *t, uint64_t *at,
                                 size_t length, size_t index) {
  for (size_t g = 0; g < length / (2 * LANES); g++) {
    inverse_in_registers(at + 2 * LANES * g, t, index * (length / (2 * LANES)) + g, c);
  }
  inverse_block_in_memory(c, t, at, length, index);
}

#endif
