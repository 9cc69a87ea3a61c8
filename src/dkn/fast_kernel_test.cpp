#include "src/dkn/fast_kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/test_images.h"
#include "src/core/test_targets.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/test_distant_rows.h"
#include "src/dkn/test_heads.h"

namespace dkn {
namespace {

// Rows of blocks in one strip each, or in two.
void FilterBlocks(const Heads& heads, ConstView target, const Architecture& architecture, View out,
                  const KernelReport& report = {}) {
  FastKernel kernel(architecture);
  const WholeTarget whole(target, architecture, report.mask);
  const int blocks = target.width / kResampling;
  for (int row = 0; row < target.height / kResampling; ++row) {
    const int half = row % 2 == 0 ? blocks : blocks / 2;
    for (const auto& [first, end] : {std::pair{0, half}, {half, blocks}}) {
      const Heads strip = HeadsFromBlock(heads, std::ptrdiff_t{row} * blocks + first);
      kernel.FilterBlocks(strip, whole.sampled, {row, first, 0, end - first}, out, report);
    }
  }
}

class FastKernelTest : public testing::TestWithParam<const char*> {
 protected:
  Architecture Parameter() const { return ArchitectureFromJson(GetParam()); }
};

TEST_P(FastKernelTest, BlocksEqualThePlainVersion) {
  const Architecture architecture = Parameter();
  for (const auto& [width, height] : {std::pair{4, 4}, {8, 4}, {52, 40}}) {
    const Image target = RandomImage(width, height, 1, 1);
    const RandomHeads random(architecture, width, height, 2.0f, 2);
    const Image expected = PlainFilter(random.heads, HeadLayout::kBlocks, target, architecture);
    const int columns = width;  // clang 14 captures no structured bindings
    const int rows = height;
    OnEachTarget([&] {
      Image out(columns, rows);
      FilterBlocks(random.heads, target, architecture, out);
      ExpectNear(out, expected, 3e-5f);
    });
  }
}

TEST_P(FastKernelTest, LatticesEqualThePlainVersion) {
  const Architecture architecture = Parameter();
  for (const Lattice& lattice : {Lattice{0, 0, 1}, Lattice{3, 1, 4}, Lattice{1, 2, 3}}) {
    const Image target = RandomImage(75, 42, 1, 1);  // more than a tile, and a part of one
    const RandomHeads random(architecture, 75, 42, 2.0f, 4);
    const Image expected =
        PlainFilter(random.heads, HeadLayout::kPixels, target, architecture, lattice);
    OnEachTarget([&] {
      Image out(75, 42);
      FastKernel(architecture)
          .FilterLattice(random.heads, WholeTarget(target, architecture).sampled, lattice, out);
      for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x) {
          const int column = x - lattice.x;
          const int row = y - lattice.y;
          const bool inside =
              column >= 0 && row >= 0 && column % lattice.step == 0 && row % lattice.step == 0;
          ASSERT_NEAR(out(x, y),
                      inside ? expected(column / lattice.step, row / lattice.step) : 0.0f, 3e-5f)
              << x << ", " << y;
        }
      }
    });
  }
}

TEST_P(FastKernelTest, ExtremeHeadsStayFinite) {
  const Architecture architecture = Parameter();
  if (architecture.weight_activation == WeightActivation::kLinear) {
    GTEST_SKIP() << "linear weights have no bound";
  }
  const Image target = RandomImage(24, 24, 1, 4);
  const RandomHeads random(architecture, 24, 24, 1e18f, 5);
  OnEachTarget([&] {
    Image out(24, 24);
    FilterBlocks(random.heads, target, architecture, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_TRUE(std::isfinite(out.data()[i]));
    }
  });
}

TEST_P(FastKernelTest, ViewsMayBeParts) {
  const Architecture architecture = Parameter();
  const Image large = RandomImage(60, 50, 1, 7);
  const ConstView target = large.view().Crop(5, 3, 24, 16);
  const RandomHeads random(architecture, 24, 16, 2.0f, 8);
  const Image expected = PlainFilter(random.heads, HeadLayout::kBlocks, target, architecture);
  Image out(40, 40);
  FilterBlocks(random.heads, target, architecture, out.view().Crop(1, 2, 24, 16));
  ExpectNear(Image::Clone(out.view().Crop(1, 2, 24, 16)), expected, 3e-5f);
  EXPECT_EQ(out(0, 5), 0.0f);
  EXPECT_EQ(out(25, 5), 0.0f);
}

// KernelReport by its definition, with the weights of CombineHeads before the mean is subtracted.
void ReferenceReport(const Heads& heads, ConstView target, ConstView mask,
                     Architecture architecture, Image& support, Image& spread) {
  architecture.mean_subtraction = false;
  const WeightsAndOffsets field =
      CombineHeads(heads, HeadLayout::kBlocks, target.width, target.height, architecture);
  const SamplingGrid<float> grid(architecture);
  const WholeTarget whole(target, architecture, mask);
  const auto share_of = [&](int tap, int x, int y, float dx, float dy) {
    const int level = grid.Level(tap);
    return level == 0 ? SampleBilinear(mask, x, y, grid.Position(grid.Column(tap), dx),
                                       grid.Position(grid.Row(tap), dy), grid)
                            .value
                      : SampleLevel(whole.pyramid.Shares(level),
                                    grid.LevelPosition(level, grid.Column(tap), x, dx),
                                    grid.LevelPosition(level, grid.Row(tap), y, dy))
                            .value;
  };
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      double total = 0, measured = 0, first = 0, second = 0;
      for (int tap = 0; tap < field.weights.channels(); ++tap) {
        const float dx = field.offsets(x, y, 2 * tap);
        const float dy = field.offsets(x, y, 2 * tap + 1);
        const double weight = std::abs(field.weights(x, y, tap));
        const bool relative = grid.Level(tap) > 0 && architecture.residual;
        const double sample = SampleTap(whole.pyramid, grid, tap, x, y, dx, dy).value +
                              (relative ? target(x, y) : 0.0f);
        total += weight;
        measured += weight * share_of(tap, x, y, dx, dy);
        first += weight * sample;
        second += weight * sample * sample;
      }
      support(x, y) = static_cast<float>(measured / total);
      spread(x, y) = static_cast<float>(
          std::sqrt(std::max(0.0, second / total - first * first / (total * total))));
    }
  }
}

TEST_P(FastKernelTest, ReportsSupportAndSpread) {
  const Architecture architecture = Parameter();
  const int width = 52;
  const int height = 40;
  const Image target = RandomImage(width, height, 1, 1);
  Image mask = RandomImage(width, height, 1, 3);
  const RandomHeads random(architecture, width, height, 2.0f, 2);
  Image support(width, height);
  Image spread(width, height);
  ReferenceReport(random.heads, target, mask, architecture, support, spread);
  OnEachTarget([&] {
    Image plain(width, height);
    FilterBlocks(random.heads, target, architecture, plain, {mask});
    Image out(width, height), got_support(width, height), got_spread(width, height);
    FilterBlocks(random.heads, target, architecture, out, {mask, got_support, got_spread});
    ExpectNear(out, plain, 0.0f);
    ExpectNear(got_support, support, 3e-5f);
    ExpectNear(got_spread, spread, 1e-3f);  // the root of a small difference
    Image unmasked(width, height);
    FilterBlocks(random.heads, target, architecture, out, {{}, unmasked, got_spread});
    std::fill_n(got_support.data(), got_support.size(), 1.0f);
    ExpectNear(unmasked, got_support, 1e-5f);
    // DKN's way gives the same, pixel by pixel.
    const Lattice lattice{1, 2, 3};
    const WholeTarget whole(target, architecture, mask);
    FastKernel(architecture).FilterLattice(random.heads, whole.sampled, lattice, plain);
    Image lattice_out = Image::Clone(plain);
    FastKernel(architecture)
        .FilterLattice(random.heads, whole.sampled, lattice, lattice_out,
                       {mask, got_support, got_spread});
    ExpectNear(lattice_out, plain, 0.0f);
    EXPECT_LT(got_support(1, 2), 1.0f);
    EXPECT_EQ(got_support(2, 2), 1.0f);  // not of the lattice
  });
}

INSTANTIATE_TEST_SUITE_P(
    Variants, FastKernelTest,
    testing::Values(
        R"({})", R"({"kernel_size": 1})",
        R"({"kernel_size": 5, "grid_scale": 0.93333333, "tap_order": "column_major"})",
        R"({"residual": false})", R"({"border_rule": "zero"})",
        R"({"window_rule": "zero", "border_rule": "zero", "kernel_size": 5})",
        R"({"window_rule": "zero", "residual": false})", R"({"guide": "none"})",
        R"({"streams": "one", "residual": false})", R"({"mean_subtraction": false})",
        R"({"weight_activation": "softmax"})",
        R"({"weight_activation": "softmax", "residual": false})",
        R"({"weight_activation": "linear", "mean_subtraction": false})",
        R"({"weights_from": "guide"})", R"({"weights_from": "target", "offsets_from": "guide"})",
        R"({"offsets_from": "none", "window": 3})",
        R"({"offsets_from": "none", "kernel_size": 9, "window": 9, "border_rule": "zero"})",
        R"({"offsets_from": "none", "window": 3, "grid_scale": 0.8})",
        R"({"levels": 3, "coarse_kernel_size": 2})",
        R"({"levels": 5, "residual": false, "weight_activation": "softmax"})"));

// The memory is by the kernel's size: 4 kB a thread for k = 3, not the 280 kB that k = 25 takes.
TEST(FastKernelMemoryTest, IsByTheKernelsSize) {
  const ThreadCount two(2);
  EXPECT_EQ(FastKernel::MemoryBytes({}), 2u * 4 * 16 * 9 * 7);
  EXPECT_EQ(FastKernel::MemoryBytes(ArchitectureFromJson(R"({"kernel_size": 25, "window": 25})")),
            2u * 4 * 16 * 625 * 7);
}

// The largest kernel and window of all, at the farthest rows that vectors of 32 bits reach.
TEST(FastKernelReachTest, RowsMayLieFarApart) {
  const Architecture architecture = ArchitectureFromJson(R"({"kernel_size": 25, "window": 63})");
  const Image target = RandomImage(72, 72, 1, 1);
  const DistantRows distant(target, FastKernel::kMaxRowStride);
  if (!distant.mapped()) {
    GTEST_SKIP() << "the system does not give 2.4 GB of addresses";
  }
  const RandomHeads random(architecture, 72, 72, 5.0f, 2);
  const Image expected = PlainFilter(random.heads, HeadLayout::kBlocks, target, architecture);
  OnEachTarget([&] {
    Image out(72, 72);
    FilterBlocks(random.heads, distant.view(), architecture, out);
    ExpectNear(out, expected, 3e-4f);
  });
}

TEST(FastKernelReachTest, RowsBeyondReachAreRefused) {
  const Architecture architecture;
  const Image near(8, 4);
  ConstView far = near;
  const RandomHeads random(architecture, 8, 4, 1.0f, 2);
  Image out(8, 4), support(8, 4), spread(8, 4);
  for (const std::ptrdiff_t stride : {FastKernel::kMaxRowStride + 1, std::ptrdiff_t{1} << 32,
                                      (std::ptrdiff_t{1} << 32) + 8, -(std::ptrdiff_t{1} << 32)}) {
    far.row_stride = stride;
    const auto refused = testing::ThrowsMessage<Error>(testing::HasSubstr(std::to_string(stride)));
    EXPECT_THAT([&] { FilterBlocks(random.heads, far, architecture, out); }, refused);
    EXPECT_THAT([&] { FastKernel(architecture).FilterLattice(random.heads, far, {}, out); },
                refused);
    EXPECT_THAT(
        [&] {
          FilterBlocks(random.heads, near, architecture, out, {far, support, spread});
        },
        refused);
  }
}

TEST(FastKernelConstantTest, ResidualOfAConstantIsNothing) {
  const Architecture architecture;
  Image target(40, 40);
  std::fill_n(target.data(), target.size(), 0.3f);
  const RandomHeads random(architecture, 40, 40, 2.0f, 10);
  Image out(40, 40);
  FilterBlocks(random.heads, target, architecture, out);
  ExpectNear(out, target, 1e-6f);
}

// oneDNN reads the variable when it is first called: in a process of its own.
TEST(FastKernelDeathTest, KeepsToTheInstructionSetThatOneDnnIsTold) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto largest = [](const char* set, std::int64_t refused) {
    EXPECT_EXIT(
        {
          setenv("ONEDNN_MAX_CPU_ISA", set, 1);
          const FastKernel kernel((Architecture()));
          std::exit((hwy::SupportedTargets() & refused) == 0 ? 0 : 1);
        },
        testing::ExitedWithCode(0), "")
        << set;
  };
  largest("AVX2", HWY_AVX3 | HWY_AVX3_DL);
  largest("SSE41", HWY_AVX2 | HWY_AVX3 | HWY_AVX3_DL);
}

}  // namespace
}  // namespace dkn
