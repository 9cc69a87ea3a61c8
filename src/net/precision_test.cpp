#include "dkn/precision.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(PrecisionTest, NamesAndPrecisionsBelongTogether) {
  EXPECT_EQ(ParsePrecision("fp32"), Precision::kFp32);
  EXPECT_EQ(ParsePrecision("bf16"), Precision::kBf16);
  EXPECT_EQ(ParsePrecision("int8"), Precision::kInt8);
  EXPECT_EQ(PrecisionName(ParsePrecision("fp32")), "fp32");
  EXPECT_EQ(PrecisionName(ParsePrecision("bf16")), "bf16");
  EXPECT_EQ(PrecisionName(ParsePrecision("int8")), "int8");
  for (const std::string name : {"", "BF16", "fp64"}) {
    EXPECT_THAT([&] { ParsePrecision(name); },
                testing::ThrowsMessage<Error>("unknown precision '" + name +
                                              "', expected fp32, bf16 or int8"));
  }
}

#ifdef __x86_64__
// oneDNN reads the variable when it is first called, so each instruction set takes a process.
void ExpectSupported(const char* instruction_set, Precision bf16, Precision int8) {
  EXPECT_EXIT(
      {
        setenv("ONEDNN_MAX_CPU_ISA", instruction_set, 1);
        const bool right = SupportedPrecision(Precision::kBf16) == bf16 &&
                           SupportedPrecision(Precision::kInt8) == int8 &&
                           SupportedPrecision(Precision::kFp32) == Precision::kFp32;
        std::exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "")
      << instruction_set;
}

TEST(PrecisionDeathTest, FallsBackWhereTheProcessorHasNoInstructions) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  for (const char* set : {"SSE41", "AVX2", "AVX512_CORE"}) {
    ExpectSupported(set, Precision::kFp32, Precision::kFp32);
  }
  if (__builtin_cpu_supports("avx512vnni")) {
    ExpectSupported("AVX512_CORE_VNNI", Precision::kFp32, Precision::kInt8);
  }
  if (__builtin_cpu_supports("avx512bf16")) {
    ExpectSupported("AVX512_CORE_BF16", Precision::kBf16, Precision::kInt8);
  }
}
#endif

}  // namespace
}  // namespace dkn
