#include "src/bench/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "dkn/error.h"
#include "src/bench/process_memory.h"
#include "src/core/test_files.h"
#include "src/rivals/test_rivals.h"

namespace dkn {
namespace {

using testing::HasSubstr;

TEST(BenchTest, MeasuresANetworkAndItsFloor) {
  const BenchResult result = RunBench({.method = "fdkn_x8", .width = 66, .height = 50}, 0.0);
  ASSERT_TRUE(result.floor.has_value());
  const BenchFloor& floor = *result.floor;
  EXPECT_GT(floor.bare_ms, 0.0);
  EXPECT_GT(floor.arithmetic_ms, 0.0);
  for (const Ratio& ratio : {floor.whole_to_bare, floor.whole_to_arithmetic}) {
    EXPECT_GT(ratio.lower_quarter, 0.0);
    EXPECT_LE(ratio.lower_quarter, ratio.median);
    EXPECT_LE(ratio.median, ratio.upper_quarter);
  }
  ASSERT_TRUE(result.guide_ms.has_value());
  EXPECT_GT(*result.guide_ms, 0.0);
  EXPECT_GT(result.median_ms, 0.0);
  ASSERT_TRUE(result.stage_ms.has_value());
  for (const double stage : *result.stage_ms) {
    EXPECT_GT(stage, 0.0);
  }
  // Padded to 68 x 52: 26.9 GFLOP at 640 x 480 (convolution_floor_test has the exact figure).
  EXPECT_NEAR(floor.operations, 26.896e9 * (68.0 * 52) / (640 * 480), 1e6);
  ASSERT_TRUE(result.cost.has_value());
  EXPECT_DOUBLE_EQ(result.cost->operations, floor.operations);
  EXPECT_GE(result.threads, 1);
}

// A rival's network is timed and counted, in fp32 alone.
class BenchFileTest : public FolderTest {};

TEST_F(BenchFileTest, ANetworkOfOthersIsMeasured) {
  const std::string file = Path("dmsg.safetensors");
  WriteSafetensors(file, RandomRivalFile("dmsg", {{"levels", 1.0}}));
  const BenchResult result = RunBench({.method = file, .width = 40, .height = 30}, 0.0);
  EXPECT_FALSE(result.floor.has_value());
  ASSERT_TRUE(result.cost.has_value());
  EXPECT_GT(result.cost->parameters, 100'000);
  EXPECT_GT(result.cost->operations, 2.0 * 40 * 30 * 49 * 32 * 25);
  if (SupportedPrecision(Precision::kBf16) == Precision::kBf16) {
    EXPECT_THROW(RunBench({.method = file, .precision = Precision::kBf16}, 0.0), Error);
  }
}

TEST(BenchTest, MeasuresOtherMethodsWithoutFloor) {
  const BenchResult result = RunBench({.method = "guided", .width = 40, .height = 30}, 0.0);
  EXPECT_FALSE(result.floor.has_value());
  EXPECT_GT(result.median_ms, 0.0);
  EXPECT_EQ(RmseChangePercent("guided", Precision::kFp32), 0.0);
}

TEST(BenchTest, RefusesWhatTheProcessorOrTheMethodLacks) {
  EXPECT_THROW(RunBench({.method = "no_such_method"}, 0.0), Error);
  EXPECT_THROW(RunBench({.method = "guided", .precision = Precision::kBf16}, 0.0), Error);
}

TEST(BenchTest, Bfloat16ChangesTheRmseByLittle) {
  if (SupportedPrecision(Precision::kBf16) != Precision::kBf16) {
    EXPECT_THROW(RmseChangePercent("fdkn_x8", Precision::kBf16), Error);
    return;
  }
  const double change = RmseChangePercent("fdkn_x8", Precision::kBf16);
  EXPECT_NE(change, 0.0);
  EXPECT_LT(std::abs(change), 0.5);
}

// 64 MB that are touched and unmapped count; a reset forgets them. From the system itself, since
// the address sanitizer keeps what is freed.
TEST(ProcessMemoryTest, PeakIsOfTheTimeSinceTheReset) {
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  ResetPeakMemory();
  const double before = PeakMemoryMb();
  ASSERT_GT(before, 0.0);
  void* block = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(block, MAP_FAILED);
  std::memset(block, 1, kBytes);
  ASSERT_EQ(munmap(block, kBytes), 0);
  EXPECT_GT(PeakMemoryMb(), before + 60.0);
  ResetPeakMemory();
  EXPECT_LT(PeakMemoryMb(), before + 30.0);
}

TEST(BenchOutputTest, TableAndJsonTellTheSame) {
  BenchResult network{.of = {.method = "fdkn_x8", .precision = Precision::kBf16}, .threads = 2};
  network.median_ms = 50.0;
  network.guide_ms = 25.0;
  network.floor = {.operations = 27e9,
                   .bare_ms = 40.0,
                   .whole_to_bare = {1.25, 1.2, 1.3},
                   .peak_gflops = 1000.0,
                   .arithmetic_ms = 27.0,
                   .whole_to_arithmetic = {1.85, 1.8, 1.92}};
  network.stage_ms = {20.0, 18.0, 6.0, 5.0};
  network.cost = NetworkCost{1'250'000, 27e9};
  network.peak_rss_mb = 123.4;
  network.rmse_change_percent = 0.031;
  BenchResult other{.of = {.method = "guided"}, .threads = 2};
  other.median_ms = 8.0;
  const std::string table = BenchTable({network, other});
  EXPECT_THAT(table,
              HasSubstr("| 50.0 | 20.00    | 25.0     | 40.0     | 1.25 (1.20 to 1.30) | "
                        "1.25     | 27.0  | 540     | 27.0          | 1.85 (1.80 to 1.92) |"));
  EXPECT_THAT(table, HasSubstr("| 8.0  | 125.00   | -        | -        | -"));
  EXPECT_EQ(PeaksText({network, other}), "1000 GFLOP/s in bf16");
  EXPECT_EQ(PeaksText({other}), "");
  EXPECT_THAT(table, HasSubstr("| 20.0     | 18.0      | 6.0      | 5.0        | 1.0"));
  const auto json = nlohmann::json::parse(BenchJson({network, other}));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0].at("model"), "fdkn_x8");
  EXPECT_EQ(json[0].at("precision"), "bf16");
  EXPECT_EQ(json[0].at("width"), 640);
  EXPECT_EQ(json[0].at("floor_ms"), 40.0);
  EXPECT_EQ(json[0].at("parameters"), 1250000);
  EXPECT_EQ(json[0].at("operations"), 27e9);
  EXPECT_EQ(json[0].at("arithmetic_floor_ms"), 27.0);
  EXPECT_EQ(json[0].at("peak_gflops"), 1000.0);
  EXPECT_EQ(json[0].at("whole_to_floor").at("upper_quarter"), 1.3);
  EXPECT_EQ(json[0].at("whole_to_arithmetic_floor").at("median"), 1.85);
  EXPECT_EQ(json[0].at("stage_ms").at("kernels"), 5.0);
  EXPECT_FALSE(json[1].contains("stage_ms"));
  EXPECT_EQ(json[0].at("peak_rss_mb"), 123.4);
  EXPECT_EQ(json[0].at("rmse_change_percent"), 0.031);
  EXPECT_TRUE(json[1].at("floor_ms").is_null());
  EXPECT_TRUE(json[1].at("arithmetic_floor_ms").is_null());
  EXPECT_EQ(json[1].size(), 10u);
}

}  // namespace
}  // namespace dkn
