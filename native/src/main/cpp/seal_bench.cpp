// What Microsoft SEAL needs for the same job, for `concordat bench engine`: prints one line a figure,
// "name value". Processor time of this one thread, medians of several runs, values/s.
//
//   concordat_seal_bench SECONDS      spends about so many seconds on each figure
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <sstream>
#include <vector>

#include "seal/seal.h"
#include "seal/util/ntt.h"
#ifdef SEAL_USE_INTEL_HEXL
#include "hexl/hexl.hpp"
#endif

namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The median of values/s over batches, after one batch that is not counted.
double rate(double seconds, std::size_t values, const std::function<void()> &step) {
  const int batch = 8;
  std::vector<double> rates;
  for (int i = 0; i < batch; i++) {
    step();
  }
  double end = processor_seconds() + seconds;
  while (rates.size() < 5 || processor_seconds() < end) {
    double start = processor_seconds();
    for (int i = 0; i < batch; i++) {
      step();
    }
    rates.push_back(static_cast<double>(values) * batch / (processor_seconds() - start));
  }
  std::sort(rates.begin(), rates.end());
  return rates[rates.size() / 2];
}

void figure(const char *name, double value) { std::printf("%s %.6g\n", name, value); }

template <typename T>
double serialised_bytes(const T &object) {
  std::stringstream out;
  object.save(out, seal::compr_mode_type::none);
  return static_cast<double>(out.str().size());
}

// N = 8192, primes of 60, 40 and 40 bits, scale 2^40: the setting in wide use for federated sums.
void ckks(double seconds) {
  seal::EncryptionParameters parms(seal::scheme_type::ckks);
  parms.set_poly_modulus_degree(8192);
  parms.set_coeff_modulus(seal::CoeffModulus::Create(8192, {60, 40, 40}));
  seal::SEALContext context(parms);
  seal::KeyGenerator keys(context);
  seal::PublicKey public_key;
  keys.create_public_key(public_key);
  seal::Encryptor encryptor(context, public_key);
  seal::Evaluator evaluator(context);
  seal::CKKSEncoder encoder(context);
  std::vector<double> values(encoder.slot_count());
  for (std::size_t i = 0; i < values.size(); i++) {
    values[i] = 0.001 * static_cast<double>(i % 2001) - 1;
  }
  seal::Plaintext plain;
  seal::Ciphertext cipher;
  double scale = static_cast<double>(1ULL << 40);
  figure("ckks-encrypt", rate(seconds, values.size(), [&] {
           encoder.encode(values, scale, plain);
           encryptor.encrypt(plain, cipher);
         }));
  seal::Ciphertext sum = cipher;
  figure("ckks-add", rate(seconds, values.size(), [&] { evaluator.add_inplace(sum, cipher); }));
  seal::Decryptor decryptor(context, keys.secret_key());
  std::vector<double> decoded;
  figure("ckks-decrypt", rate(seconds, values.size(), [&] {
           decryptor.decrypt(cipher, plain);
           encoder.decode(plain, decoded);
         }));
  figure("ckks-bytes", serialised_bytes(cipher) / static_cast<double>(values.size()));
}

// N = 4096 with SEAL's own primes for 128 bits and 21 bits of plaintext: sums of 16 times 16 bits;
// symmetric and seeded, half a ciphertext each: the best of SEAL for this job.
void bfv(double seconds) {
  seal::EncryptionParameters parms(seal::scheme_type::bfv);
  parms.set_poly_modulus_degree(4096);
  parms.set_coeff_modulus(seal::CoeffModulus::BFVDefault(4096));
  parms.set_plain_modulus(seal::PlainModulus::Batching(4096, 21));
  seal::SEALContext context(parms);
  seal::KeyGenerator keys(context);
  seal::Encryptor encryptor(context, keys.secret_key());
  seal::Evaluator evaluator(context);
  seal::BatchEncoder encoder(context);
  std::vector<std::int64_t> values(encoder.slot_count());
  for (std::size_t i = 0; i < values.size(); i++) {
    values[i] = static_cast<std::int64_t>(i % 65535) - 32767;
  }
  seal::Plaintext plain;
  figure("bfv-encrypt", rate(seconds, values.size(), [&] {
           encoder.encode(values, plain);
           auto seeded = encryptor.encrypt_symmetric(plain);
         }));
  encoder.encode(values, plain);
  seal::Ciphertext cipher;
  encryptor.encrypt_symmetric(plain, cipher);
  seal::Ciphertext sum = cipher;
  figure("bfv-add", rate(seconds, values.size(), [&] { evaluator.add_inplace(sum, cipher); }));
  auto seeded = encryptor.encrypt_symmetric(plain);
  figure("bfv-bytes", serialised_bytes(seeded) / static_cast<double>(values.size()));
}

// Microseconds of one transform, N = 8192 and SEAL's first prime of 50 bits; and of HEXL's own where
// SEAL was built with it (then SEAL's calls HEXL's, too).
void transforms(double seconds) {
  const int log_n = 13;
  const std::size_t n = std::size_t{1} << log_n;
  seal::Modulus p = seal::CoeffModulus::Create(n, {50})[0];
  std::vector<std::uint64_t> values(n);
  for (std::size_t i = 0; i < n; i++) {
    values[i] = (i * 0x9e3779b97f4a7c15ULL >> 14) % p.value();
  }
  auto microseconds = [&](const std::function<void()> &step) { return 1e6 / rate(seconds, 1, step); };
  seal::util::NTTTables tables(log_n, p);
  figure("seal-ntt-forward", microseconds([&] {
           seal::util::ntt_negacyclic_harvey(values.data(), tables);
         }));
  figure("seal-ntt-inverse", microseconds([&] {
           seal::util::inverse_ntt_negacyclic_harvey(values.data(), tables);
         }));
#ifdef SEAL_USE_INTEL_HEXL
  intel::hexl::NTT ntt(n, p.value());
  figure("hexl-ntt-forward", microseconds([&] {
           ntt.ComputeForward(values.data(), values.data(), 1, 1);
         }));
  figure("hexl-ntt-inverse", microseconds([&] {
           ntt.ComputeInverse(values.data(), values.data(), 1, 1);
         }));
#endif
}

}  // namespace

int main(int argc, char **argv) {
  double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  try {
#ifdef SEAL_USE_INTEL_HEXL
    const char *inside = " with HEXL";
#else
    const char *inside = "";
#endif
    std::printf("version %d.%d.%d%s\n", SEAL_VERSION_MAJOR, SEAL_VERSION_MINOR, SEAL_VERSION_PATCH,
                inside);
    transforms(seconds / 2);
    ckks(seconds);
    bfv(seconds);
  } catch (const std::exception &e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
