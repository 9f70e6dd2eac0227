/*
 * The door between Java and the kernels. Java has checked kinds, ranges and the variant's existence;
 * here arrays are pinned, the loop runs, and they are let go. Nothing is kept between calls.
 *
 * Pinning (GetPrimitiveArrayCritical) copies nothing on HotSpot and keeps the collector from moving
 * the array meanwhile; between pinning and letting go no other JNI function may be called.
 */
#include <jni.h>

#include "ring_kernel.h"

/* Raised whenever a signature below changes: a library left over from another build is refused. */
#define INTERFACE_VERSION 4

static const struct ring_kernel *variant(jint index) {
  switch (index) {
#ifdef CONCORDAT_AVX2
    case 1:
      return &avx2_kernel;
#endif
#ifdef CONCORDAT_IFMA
    case 2:
      return &ifma_kernel;
#endif
    default:
      return &portable_kernel;
  }
}

struct pin {
  jarray array;
  void *start;
};

static void release(JNIEnv *env, struct pin *pins, int count) {
  for (int i = count - 1; i >= 0; i--) {
    (*env)->ReleasePrimitiveArrayCritical(env, pins[i].array, pins[i].start, 0);
  }
}

/* All arrays or none; without memory for it an OutOfMemoryError is pending in Java. */
static int acquire(JNIEnv *env, struct pin *pins, int count) {
  for (int i = 0; i < count; i++) {
    pins[i].start = (*env)->GetPrimitiveArrayCritical(env, pins[i].array, NULL);
    if (pins[i].start == NULL) {
      release(env, pins, i);
      if (!(*env)->ExceptionCheck(env)) {
        jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
        if (error != NULL) {
          (*env)->ThrowNew(env, error, "an array could not be pinned");
        }
      }
      return 0;
    }
  }
  return 1;
}

static uint64_t *words_at(const struct pin *pin, jint at) { return (uint64_t *)pin->start + at; }
static int16_t *smalls_at(const struct pin *pin, jint at) { return (int16_t *)pin->start + at; }
static uint8_t *bytes_at(const struct pin *pin, jint at) { return (uint8_t *)pin->start + at; }

#define CALL(type, name) JNIEXPORT type JNICALL Java_io_concordat_nativekernel_NativeCalls_##name

CALL(jint, interfaceVersion)(JNIEnv *env, jclass self) {
  (void)env;
  (void)self;
  return INTERFACE_VERSION;
}

/* Whether this library has the variant and this processor (and its system) runs it. */
CALL(jboolean, runs)(JNIEnv *env, jclass self, jint index) {
  (void)env;
  (void)self;
  switch (index) {
    case 0:
      return JNI_TRUE;
#ifdef CONCORDAT_AVX2
    case 1:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                     __builtin_cpu_supports("aes")
                 ? JNI_TRUE
                 : JNI_FALSE;
#endif
#ifdef CONCORDAT_IFMA
    case 2:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512ifma") &&
                     __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("vaes") &&
                     __builtin_cpu_supports("aes")
                 ? JNI_TRUE
                 : JNI_FALSE;
#endif
    default:
      return JNI_FALSE;
  }
}

CALL(void, forward)(JNIEnv *env, jclass self, jint index, jlong p, jint degree, jlongArray roots,
                    jlongArray quotients, jlongArray values, jint at) {
  (void)self;
  struct pin pins[] = {{roots, NULL}, {quotients, NULL}, {values, NULL}};
  if (!acquire(env, pins, 3)) {
    return;
  }
  struct ntt_tables tables = {pins[0].start, pins[1].start, (size_t)degree};
  variant(index)->forward((uint64_t)p, &tables, words_at(&pins[2], at));
  release(env, pins, 3);
}

static struct modulus modulus_of(jlong p, jlong ratio, jint bits) {
  return (struct modulus){(uint64_t)p, (uint64_t)ratio, (unsigned)bits};
}

CALL(void, inverse)(JNIEnv *env, jclass self, jint index, jlong p, jlong ratio, jint bits,
                    jint degree, jlongArray roots, jlongArray quotients, jlong scale,
                    jlong scale_quotient, jlongArray values, jint at) {
  (void)self;
  struct pin pins[] = {{roots, NULL}, {quotients, NULL}, {values, NULL}};
  if (!acquire(env, pins, 3)) {
    return;
  }
  struct ntt_tables tables = {pins[0].start, pins[1].start, (size_t)degree};
  struct modulus m = modulus_of(p, ratio, bits);
  variant(index)->inverse(&m, &tables, (uint64_t)scale, (uint64_t)scale_quotient,
                          words_at(&pins[2], at));
  release(env, pins, 3);
}

CALL(void, multiply)(JNIEnv *env, jclass self, jint index, jlong p, jlong ratio, jint bits,
                     jlongArray x, jint x_at, jlongArray y, jint y_at, jlongArray out, jint out_at,
                     jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {y, NULL}, {out, NULL}};
  if (!acquire(env, pins, 3)) {
    return;
  }
  struct modulus m = modulus_of(p, ratio, bits);
  variant(index)->multiply(&m, words_at(&pins[0], x_at), words_at(&pins[1], y_at),
                           words_at(&pins[2], out_at), (size_t)count);
  release(env, pins, 3);
}

CALL(void, multiplyAdd)(JNIEnv *env, jclass self, jint index, jlong p, jlong ratio, jint bits,
                        jlongArray x, jint x_at, jlongArray y, jint y_at, jlongArray sum,
                        jint sum_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {y, NULL}, {sum, NULL}};
  if (!acquire(env, pins, 3)) {
    return;
  }
  struct modulus m = modulus_of(p, ratio, bits);
  variant(index)->multiply_add(&m, words_at(&pins[0], x_at), words_at(&pins[1], y_at),
                               words_at(&pins[2], sum_at), (size_t)count);
  release(env, pins, 3);
}

CALL(void, add)(JNIEnv *env, jclass self, jint index, jlong p, jlongArray x, jint x_at,
                jlongArray sum, jint sum_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {sum, NULL}};
  if (!acquire(env, pins, 2)) {
    return;
  }
  variant(index)->add((uint64_t)p, words_at(&pins[0], x_at), words_at(&pins[1], sum_at),
                      (size_t)count);
  release(env, pins, 2);
}

CALL(void, addScaled)(JNIEnv *env, jclass self, jint index, jlong p, jlongArray x, jint x_at,
                      jlong factor, jlong quotient, jlong excess, jlongArray sum, jint sum_at,
                      jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {sum, NULL}};
  if (!acquire(env, pins, 2)) {
    return;
  }
  variant(index)->add_scaled((uint64_t)p, (const int64_t *)words_at(&pins[0], x_at),
                             (uint64_t)factor, (uint64_t)quotient, (uint64_t)excess,
                             words_at(&pins[1], sum_at), (size_t)count);
  release(env, pins, 2);
}

CALL(void, lift)(JNIEnv *env, jclass self, jint index, jlong p, jshortArray x, jint x_at,
                 jlongArray out, jint out_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {out, NULL}};
  if (!acquire(env, pins, 2)) {
    return;
  }
  variant(index)->lift((uint64_t)p, smalls_at(&pins[0], x_at), words_at(&pins[1], out_at),
                       (size_t)count);
  release(env, pins, 2);
}

CALL(void, addSmall)(JNIEnv *env, jclass self, jint index, jlong p, jshortArray x, jint x_at,
                     jlongArray sum, jint sum_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {sum, NULL}};
  if (!acquire(env, pins, 2)) {
    return;
  }
  variant(index)->add_small((uint64_t)p, smalls_at(&pins[0], x_at), words_at(&pins[1], sum_at),
                            (size_t)count);
  release(env, pins, 2);
}

CALL(jlong, innerProduct)(JNIEnv *env, jclass self, jint index, jlong p, jlongArray x, jint x_at,
                          jlongArray y, jint y_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {y, NULL}};
  if (!acquire(env, pins, 2)) {
    return 0;
  }
  uint64_t result = variant(index)->inner_product((uint64_t)p, words_at(&pins[0], x_at),
                                                  words_at(&pins[1], y_at), (size_t)count);
  release(env, pins, 2);
  return (jlong)result;
}

CALL(void, packWords)(JNIEnv *env, jclass self, jint index, jlongArray words, jint at, jint count,
                      jbyteArray out, jint out_at) {
  (void)self;
  struct pin pins[] = {{words, NULL}, {out, NULL}};
  if (!acquire(env, pins, 2)) {
    return;
  }
  variant(index)->pack(words_at(&pins[0], at), (size_t)count, bytes_at(&pins[1], out_at));
  release(env, pins, 2);
}

CALL(jboolean, unpackWords)(JNIEnv *env, jclass self, jint index, jlong p, jbyteArray in,
                            jint in_at, jlongArray words, jint at, jint count) {
  (void)self;
  struct pin pins[] = {{in, NULL}, {words, NULL}};
  if (!acquire(env, pins, 2)) {
    return JNI_FALSE;
  }
  int good = variant(index)->unpack((uint64_t)p, bytes_at(&pins[0], in_at),
                                    words_at(&pins[1], at), (size_t)count);
  release(env, pins, 2);
  return good ? JNI_TRUE : JNI_FALSE;
}

CALL(jboolean, addPacked)(JNIEnv *env, jclass self, jint index, jlong p, jbyteArray x, jint x_at,
                          jbyteArray sum, jint sum_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {sum, NULL}};
  if (!acquire(env, pins, 2)) {
    return JNI_FALSE;
  }
  int good = variant(index)->add_packed((uint64_t)p, bytes_at(&pins[0], x_at),
                                        bytes_at(&pins[1], sum_at), (size_t)count);
  release(env, pins, 2);
  return good ? JNI_TRUE : JNI_FALSE;
}

CALL(jint, quotientBits)(JNIEnv *env, jclass self, jint index) {
  (void)env;
  (void)self;
  return (jint)variant(index)->quotient_bits;
}

/* Which of the optional functions a variant has: bit 0 streams, bit 1 packing of slots, bit 2 runs. */
CALL(jint, extras)(JNIEnv *env, jclass self, jint index) {
  (void)env;
  (void)self;
  const struct ring_kernel *kernel = variant(index);
  int streams = kernel->uniform != NULL && kernel->gaussian != NULL;
  int slots = kernel->add_scaled_terms != NULL && kernel->take_slot != NULL;
  int runs = kernel->expanded_product != NULL && kernel->finish_run != NULL;
  return streams | slots << 1 | runs << 2;
}

CALL(void, uniform)(JNIEnv *env, jclass self, jint index, jbyteArray key, jbyteArray iv, jlong p,
                    jlongArray out, jint at, jint count) {
  (void)self;
  struct pin pins[] = {{key, NULL}, {iv, NULL}, {out, NULL}};
  if (!acquire(env, pins, 3)) {
    return;
  }
  variant(index)->uniform(bytes_at(&pins[0], 0), bytes_at(&pins[1], 0), (uint64_t)p,
                          words_at(&pins[2], at), (size_t)count);
  release(env, pins, 3);
}

CALL(void, gaussian)(JNIEnv *env, jclass self, jint index, jbyteArray key, jlongArray high,
                     jlongArray low, jshortArray out, jint at, jint count) {
  (void)self;
  struct pin pins[] = {{key, NULL}, {high, NULL}, {low, NULL}, {out, NULL}};
  if (!acquire(env, pins, 4)) {
    return;
  }
  variant(index)->gaussian(bytes_at(&pins[0], 0), words_at(&pins[1], 0), words_at(&pins[2], 0),
                           smalls_at(&pins[3], at), (size_t)count);
  release(env, pins, 4);
}

CALL(void, addScaledTerms)(JNIEnv *env, jclass self, jint index, jlong p, jlongArray x, jint x_at,
                           jint stride, jint terms, jlongArray factors, jint factors_at,
                           jlongArray sum, jint sum_at, jint count) {
  (void)self;
  struct pin pins[] = {{x, NULL}, {factors, NULL}, {sum, NULL}};
  if (!acquire(env, pins, 3)) {
    return;
  }
  variant(index)->add_scaled_terms((uint64_t)p, (const int64_t *)words_at(&pins[0], x_at),
                                   (size_t)stride, (size_t)terms, words_at(&pins[1], factors_at),
                                   words_at(&pins[2], sum_at), (size_t)count);
  release(env, pins, 3);
}

CALL(jboolean, takeSlot)(JNIEnv *env, jclass self, jint index, jlongArray values, jint at,
                         jlongArray carry, jint width, jlongArray chunks, jint chunk_at, jint shift,
                         jint count) {
  (void)self;
  struct pin pins[] = {{values, NULL}, {carry, NULL}, {chunks, NULL}};
  if (!acquire(env, pins, 3)) {
    return JNI_FALSE;
  }
  int64_t outside = variant(index)->take_slot(
      (const int64_t *)words_at(&pins[0], at), (int64_t *)words_at(&pins[1], 0), (unsigned)width,
      (int64_t *)words_at(&pins[2], chunk_at), (unsigned)shift, (size_t)count);
  release(env, pins, 3);
  return outside >= 0 ? JNI_TRUE : JNI_FALSE;
}

CALL(void, expandedProduct)(JNIEnv *env, jclass self, jint index, jlong p, jlong ratio, jint bits,
                            jint degree, jlongArray roots, jlongArray quotients, jlong scale,
                            jlong scale_quotient, jbyteArray stream_key, jbyteArray iv,
                            jlongArray key, jlongArray values, jint at, jint rows) {
  (void)self;
  struct pin pins[] = {{roots, NULL}, {quotients, NULL}, {stream_key, NULL},
                       {iv, NULL},    {key, NULL},       {values, NULL}};
  if (!acquire(env, pins, 6)) {
    return;
  }
  struct ntt_tables tables = {pins[0].start, pins[1].start, (size_t)degree};
  struct modulus m = modulus_of(p, ratio, bits);
  variant(index)->expanded_product(&m, &tables, (uint64_t)scale, (uint64_t)scale_quotient,
                                   bytes_at(&pins[2], 0), bytes_at(&pins[3], 0),
                                   words_at(&pins[4], 0), words_at(&pins[5], at), (size_t)rows);
  release(env, pins, 6);
}

CALL(void, finishRun)(JNIEnv *env, jclass self, jint index, jlong p, jshortArray error,
                      jlongArray chunks, jint stride, jint terms, jlongArray factors,
                      jlongArray values, jint at, jint rows, jbyteArray out, jint out_at) {
  (void)self;
  struct pin pins[] = {{error, NULL}, {chunks, NULL}, {factors, NULL}, {values, NULL}, {out, NULL}};
  if (!acquire(env, pins, 5)) {
    return;
  }
  variant(index)->finish_run((uint64_t)p, smalls_at(&pins[0], 0),
                             (const int64_t *)words_at(&pins[1], 0), (size_t)stride, (size_t)terms,
                             words_at(&pins[2], 0), words_at(&pins[3], at), (size_t)rows,
                             bytes_at(&pins[4], out_at));
  release(env, pins, 5);
}
