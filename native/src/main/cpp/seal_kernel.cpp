// Microsoft SEAL's transforms and pointwise products behind the same door as our own: a second
// opinion on every figure and every bit. Built only where cmake finds SEAL 4.1 or newer.
//
// SEAL's choice of root (the least) and its order of values are ours, so nothing is converted.
// Whether SEAL branches on residues was decided when SEAL was built (SEAL_AVOID_BRANCHING); for that
// reason this kernel is never chosen by itself.
#include <jni.h>
#include <seal/seal.h>
#include <seal/util/ntt.h>
#include <seal/util/polyarithsmallmod.h>

#include <cstdint>
#include <exception>
#include <new>

namespace {

using seal::Modulus;
using seal::util::NTTTables;

// Raised whenever a signature below changes.
constexpr jint kInterfaceVersion = 1;

// An array pinned for the life of this object. Between two of them only other pins may be made.
class Pinned {
 public:
  Pinned(JNIEnv *env, jlongArray array)
      : env_(env), array_(array), start_(env->GetPrimitiveArrayCritical(array, nullptr)) {
    if (start_ == nullptr) {
      throw std::bad_alloc();
    }
  }
  ~Pinned() {
    env_->ReleasePrimitiveArrayCritical(array_, start_, 0);
  }
  Pinned(const Pinned &) = delete;
  Pinned &operator=(const Pinned &) = delete;

  std::uint64_t *at(jint index) const { return static_cast<std::uint64_t *>(start_) + index; }

 private:
  JNIEnv *env_;
  jlongArray array_;
  void *start_;
};

void raise(JNIEnv *env, const char *kind, const char *message) {
  if (!env->ExceptionCheck()) {
    if (jclass error = env->FindClass(kind)) {
      env->ThrowNew(error, message);
    }
  }
}

// No C++ exception may cross into Java; SEAL reports bad parameters by throwing. Pins made within
// the step are gone when it is left, so that raising may call JNI again.
template <typename Step>
void guarded(JNIEnv *env, Step step) {
  try {
    step();
  } catch (const std::bad_alloc &) {
    raise(env, "java/lang/OutOfMemoryError", "no memory for SEAL, or an array could not be pinned");
  } catch (const std::exception &e) {
    raise(env, "java/lang/IllegalArgumentException", e.what());
  }
}

}  // namespace

#define CALL(type, name) \
  extern "C" JNIEXPORT type JNICALL Java_io_concordat_nativekernel_SealCalls_##name

CALL(jint, interfaceVersion)(JNIEnv *, jclass) { return kInterfaceVersion; }

// Both handles live as long as the process: a process meets a handful of primes.
CALL(jlong, modulus)(JNIEnv *env, jclass, jlong p) {
  jlong handle = 0;
  guarded(env, [&] {
    handle = reinterpret_cast<jlong>(new Modulus(static_cast<std::uint64_t>(p)));
  });
  return handle;
}

CALL(jlong, tables)(JNIEnv *env, jclass, jlong modulus, jint log_degree) {
  jlong handle = 0;
  guarded(env, [&] {
    handle = reinterpret_cast<jlong>(
        new NTTTables(log_degree, *reinterpret_cast<const Modulus *>(modulus)));
  });
  return handle;
}

CALL(void, forward)(JNIEnv *env, jclass, jlong tables, jlongArray values, jint at) {
  guarded(env, [&] {
    Pinned pin(env, values);
    seal::util::ntt_negacyclic_harvey(pin.at(at), *reinterpret_cast<const NTTTables *>(tables));
  });
}

CALL(void, inverse)(JNIEnv *env, jclass, jlong tables, jlongArray values, jint at) {
  guarded(env, [&] {
    Pinned pin(env, values);
    seal::util::inverse_ntt_negacyclic_harvey(
        pin.at(at), *reinterpret_cast<const NTTTables *>(tables));
  });
}

CALL(void, multiply)(JNIEnv *env, jclass, jlong modulus, jlongArray x, jint x_at, jlongArray y,
                     jint y_at, jlongArray out, jint out_at, jint count) {
  guarded(env, [&] {
    Pinned left(env, x);
    Pinned right(env, y);
    Pinned result(env, out);
    seal::util::dyadic_product_coeffmod(
        left.at(x_at), right.at(y_at), static_cast<std::size_t>(count),
        *reinterpret_cast<const Modulus *>(modulus), result.at(out_at));
  });
}
