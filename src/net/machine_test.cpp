#include "src/net/machine.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/core/parallel_for.h"

namespace dkn {
namespace {

template <typename Body>
double SecondsOf(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Whether `holds` at one of a few tries: other programs disturb a measurement, but not each time.
template <typename Holds>
bool Once(const Holds& holds) {
  for (int attempt = 0; attempt < 8; ++attempt) {
    if (holds()) {
      return true;
    }
  }
  return false;
}

// 10^9 multiplications and additions in a second, of a product of matrices by three plain loops.
double PlainGflops() {
  constexpr std::size_t kSize = 256;
  std::vector<float> a(kSize * kSize, 0.5f);
  std::vector<float> b(kSize * kSize, 0.25f);
  std::vector<float> c(kSize * kSize);
  const double seconds = SecondsOf([&] {
    for (std::size_t i = 0; i < kSize; ++i) {
      for (std::size_t k = 0; k < kSize; ++k) {
        for (std::size_t j = 0; j < kSize; ++j) {
          c[i * kSize + j] += a[i * kSize + k] * b[k * kSize + j];
        }
      }
    }
  });
  EXPECT_EQ(c[kSize + 1], 0.125f * kSize);
  return 2.0 * kSize * kSize * kSize / seconds * 1e-9;
}

// Multiplications and additions that one core with this instruction set can do in a cycle.
double PerCycle(const std::string& set, Precision precision) {
  if (precision == Precision::kFp32) {
    return set.starts_with("AVX512") ? 64.0 : 32.0;  // two times 16 or 8, each both
  }
  const double bf16 = set == "AVX512_CORE_AMX" ? 2048.0 : 128.0;
  return precision == Precision::kBf16 ? bf16 : 2.0 * bf16;
}

// A type of half the bits has twice the values in a register, or more. A product is faster than
// plain loops on one thread, and no faster than the processor can be.
TEST(MachineTest, SmallerTypesAreFasterWithinWhatTheProcessorCanDo) {
  constexpr double kGigahertz = 6.5;
  EXPECT_TRUE(Once([&] {
    double slower = PlainGflops();
    bool faster = true;
    for (const Precision precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
      if (SupportedPrecision(precision) != precision) {
        continue;
      }
      const PeakProduct product(precision);
      const double peak = std::max({product.Gflops(), product.Gflops(), product.Gflops()});
      EXPECT_LT(peak, kGigahertz * PerCycle(InstructionSet(), precision) * omp_get_max_threads());
      faster = faster && peak > 1.3 * slower;
      slower = peak;
    }
    return faster;
  }));
}

// Copying as much on one thread, once, reaches about as many bytes, read and written.
TEST(MachineTest, MemoryIsAsFastAsACopyOfMuchOfIt) {
  const ThreadCount one(1);
  const std::vector<char> from(std::size_t{1} << 26, 1);
  std::vector<char> to(from.size());
  const auto copied = [&] {
    const double seconds = SecondsOf([&] { std::copy(from.begin(), from.end(), to.begin()); });
    return 2.0 * static_cast<double>(from.size()) / seconds * 1e-9;
  };
  EXPECT_TRUE(Once([&] {
    const double expected = std::max({copied(), copied(), copied(), copied()});
    const double peak = PeakMemoryGbps();
    return peak > 0.6 * expected && peak < 1.6 * expected;
  }));
}

#ifdef __x86_64__
// oneDNN reads the variable when it is first called, so each instruction set takes a process.
TEST(MachineDeathTest, NamesTheInstructionSetThatOneDnnIsTold) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  std::vector<std::string> sets = {"SSE41"};
  const auto add = [&](bool has, const char* set) {
    if (has) {
      sets.emplace_back(set);
    }
  };
  add(__builtin_cpu_supports("avx2"), "AVX2");
  add(__builtin_cpu_supports("avx512bw"), "AVX512_CORE");
  add(__builtin_cpu_supports("avx512vnni"), "AVX512_CORE_VNNI");
  add(__builtin_cpu_supports("avx512bf16"), "AVX512_CORE_BF16");
  for (const std::string& set : sets) {
    EXPECT_EXIT(
        {
          setenv("ONEDNN_MAX_CPU_ISA", set.c_str(), 1);
          std::exit(InstructionSet() == set ? 0 : 1);
        },
        testing::ExitedWithCode(0), "")
        << set;
  }
}
#endif

}  // namespace
}  // namespace dkn
