/*
 * Plays calls of the portable kernel back and compares every result with the one that the file names.
 * It exists for processors without a Java machine at hand: the file is written on any other, results
 * by the scalar Java kernel, and this program runs under an emulator.
 *
 * The file is little-endian: records of a head and arrays, the last array being what must come out.
 * Exits with 0 if all is equal, 1 if something differs, 2 if the file is not understood.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ring_kernel.h"

#define MAX_ARRAYS 4

#if defined(__aarch64__)
#define PROCESSOR "aarch64"
#elif defined(__x86_64__)
#define PROCESSOR "x86_64"
#else
#define PROCESSOR "another processor"
#endif

enum operation {
  FORWARD, INVERSE, MULTIPLY, MULTIPLY_ADD, ADD, ADD_SCALED, LIFT, ADD_SMALL, INNER_PRODUCT, PACK,
  UNPACK, ADD_PACKED, OPERATIONS
};

struct head {
  uint32_t operation, arrays;
  uint64_t count, p, ratio, bits, first, second, third;
};

struct array {
  uint64_t bytes;
  void *data;
};

static void must(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "the file is not understood: %s\n", what);
    exit(2);
  }
}

/* Eight guard bytes lie behind each array, so that a write past its end shows. */
#define GUARD 0x5a

static struct array take_array(FILE *in) {
  struct array a;
  must(fread(&a.bytes, sizeof a.bytes, 1, in) == 1 && a.bytes < (1u << 28), "length of an array");
  a.data = malloc(a.bytes + 8);
  must(a.data != NULL && fread(a.data, 1, a.bytes, in) == a.bytes, "contents of an array");
  memset((uint8_t *)a.data + a.bytes, GUARD, 8);
  return a;
}

static int guarded(const struct array *a) {
  for (int i = 0; i < 8; i++) {
    if (((const uint8_t *)a->data)[a->bytes + i] != GUARD) {
      return 0;
    }
  }
  return 1;
}

/* Runs one call; its result lands in the array before the last, which is returned with the verdict. */
static int call(const struct ring_kernel *k, const struct head *h, struct array *a) {
  struct modulus m = {h->p, h->ratio, (unsigned)h->bits};
  struct ntt_tables t = {a[0].data, a[1].data, (size_t)h->count};
  size_t n = (size_t)h->count;
  void *x = a[0].data;
  void *y = a[1].data;
  void *z = a[2].data;
  int verdict = 1;
  switch ((enum operation)h->operation) {
    case FORWARD: k->forward(h->p, &t, z); break;
    case INVERSE: k->inverse(&m, &t, h->first, h->second, z); break;
    case MULTIPLY: k->multiply(&m, x, y, z, n); break;
    case MULTIPLY_ADD: k->multiply_add(&m, x, y, z, n); break;
    case ADD: k->add(h->p, x, y, n); break;
    case ADD_SCALED: k->add_scaled(h->p, x, h->first, h->second, h->third, y, n); break;
    case LIFT: k->lift(h->p, x, y, n); break;
    case ADD_SMALL: k->add_small(h->p, x, y, n); break;
    case INNER_PRODUCT: *(uint64_t *)z = k->inner_product(h->p, x, y, n); break;
    case PACK: k->pack(x, n, y); break;
    case UNPACK: verdict = k->unpack(h->p, x, y, n) == (int)h->first; break;
    case ADD_PACKED: verdict = k->add_packed(h->p, x, y, n) == (int)h->first; break;
    default: must(0, "unknown operation");
  }
  return verdict;
}

int main(int argc, char **argv) {
  static const char *const names[OPERATIONS] = {
      "forward", "inverse", "multiply", "multiply_add", "add", "add_scaled", "lift", "add_small",
      "inner_product", "pack", "unpack", "add_packed"};
  FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
  must(in != NULL, "one file is expected");
  struct head h;
  size_t total = 0;
  size_t wrong = 0;
  while (fread(&h, sizeof h, 1, in) == 1) {
    struct array a[MAX_ARRAYS] = {0};
    must(h.arrays >= 3 && h.arrays <= MAX_ARRAYS && h.operation < OPERATIONS, "head of a record");
    for (uint32_t i = 0; i < h.arrays; i++) {
      a[i] = take_array(in);
    }
    struct array *found = &a[h.arrays - 2];
    struct array *expected = &a[h.arrays - 1];
    must(found->bytes == expected->bytes, "a result of another length");
    int good = call(&portable_kernel, &h, a);
    for (uint32_t i = 0; i < h.arrays; i++) {
      good &= guarded(&a[i]);
    }
    if (!good || memcmp(found->data, expected->data, found->bytes) != 0) {
      printf("differs: %s, %llu entries, p = %llu\n", names[h.operation],
             (unsigned long long)h.count, (unsigned long long)h.p);
      wrong++;
    }
    for (uint32_t i = 0; i < h.arrays; i++) {
      free(a[i].data);
    }
    total++;
  }
  printf("%s: %zu calls, %zu differ\n", PROCESSOR, total, wrong);
  return wrong == 0 && total > 0 ? 0 : 1;
}
