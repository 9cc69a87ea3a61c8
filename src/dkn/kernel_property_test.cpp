// Properties of the kernels that surround the convolutions, on views of sizes at random, with heads
// from nothing to infinity, on every instruction set that this processor has.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "src/core/test_properties.h"
#include "src/core/test_targets.h"
#include "src/dkn/architecture.h"
#include "src/dkn/fast_kernel.h"
#include "src/dkn/phases.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/test_heads.h"

namespace dkn {
namespace {

constexpr const char* kArchitectures[] = {
    R"({})",
    R"({"kernel_size": 5, "window": 9, "grid_scale": 0.93333333, "tap_order": "column_major"})",
    R"({"residual": false, "border_rule": "zero"})",
    R"({"window_rule": "zero", "border_rule": "zero", "weight_activation": "softmax"})",
    R"({"streams": "one", "mean_subtraction": false, "kernel_size": 1})",
    R"({"offsets_from": "none", "window": 3, "weights_from": "target"})",
    R"({"levels": 6, "coarse_kernel_size": 3})",
};

// Head values at random: most of this size, a few of any, of both signs.
std::vector<float> HeadValues(std::size_t count, float deviation, bool not_finite,
                              std::mt19937& random) {
  constexpr float kMax = std::numeric_limits<float>::max();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  std::vector<float> rare = {0.0f, -0.0f, 1e-40f, 1e-20f, 88.0f, -88.0f, 1e4f, -1e4f, kMax, -kMax};
  if (not_finite) {
    rare.insert(rare.end(), {kInf, -kInf, std::nanf("")});
  }
  std::normal_distribution<float> normal(0.0f, deviation);
  std::vector<float> values(count);
  for (float& value : values) {
    const bool usual = RandomInt(0, 19, random) > 0;
    value = usual ? normal(random) : rare[random() % rare.size()];
  }
  return values;
}

RandomHeads AnyHeads(const Architecture& architecture, int pixels, bool not_finite,
                     std::mt19937& random) {
  constexpr float kDeviations[] = {0.0f, 1.0f, 3.0f, 1e3f};
  return RandomHeads(architecture, pixels, [&](std::size_t count) {
    return HeadValues(count, kDeviations[random() % 4], not_finite, random);
  });
}

// A whole image in strips of widths at random.
void FilterStrips(const Heads& heads, ConstView target, const Architecture& architecture, View out,
                  std::mt19937& random) {
  FastKernel kernel(architecture);
  const WholeTarget whole(target, architecture);
  const int blocks = target.width / kResampling;
  for (int row = 0; row < target.height / kResampling; ++row) {
    for (int first = 0; first < blocks;) {
      const int count = RandomInt(1, blocks - first, random);
      const Heads strip = HeadsFromBlock(heads, std::ptrdiff_t{row} * blocks + first);
      const int begin = RandomInt(0, count - 1, random);  // the rest by a second call
      kernel.FilterBlocks(strip, whole.sampled, {row, first, 0, begin}, out);
      kernel.FilterBlocks(strip, whole.sampled, {row, first, begin, count}, out);
      first += count;
    }
  }
}

class KernelPropertyTest : public testing::TestWithParam<const char*> {
 protected:
  const Architecture architecture_ = ArchitectureFromJson(GetParam());
  std::mt19937 random_{11};
};

// With finite heads the results are those of the plain version; with others they may be anything,
// but nothing outside the views is read or written (the address sanitizer and the guard tell).
TEST_P(KernelPropertyTest, Blocks) {
  for (int trial = 0; trial < Trials(12); ++trial) {
    const bool finite = trial % 3 != 2;
    const int width = 4 * RandomInt(1, trial == 0 ? 300 : 40, random_);
    const int height = 4 * RandomInt(1, 5, random_);
    GuardedImage target(width, height, 1, random_);
    const RandomHeads random = AnyHeads(architecture_, width * height, !finite, random_);
    const Image expected =
        PlainFilter(random.heads, HeadLayout::kBlocks, target.view(), architecture_, {});
    OnEachTarget([&] {
      GuardedImage out(width, height, 1, random_);
      FilterStrips(random.heads, target, architecture_, out, random_);
      out.CheckGuard();
      if (finite) {
        ExpectNear(out.view(), expected, 1e-4f);
      }
    });
    target.CheckGuard();
  }
}

TEST_P(KernelPropertyTest, Lattices) {
  for (int trial = 0; trial < Trials(12); ++trial) {
    const bool finite = trial % 3 != 2;
    const int width = RandomInt(4, trial == 0 ? 1200 : 150, random_);
    const int height = RandomInt(4, 20, random_);
    const int step = RandomInt(1, 4, random_);
    const Lattice lattice{RandomInt(0, step - 1, random_), RandomInt(0, step - 1, random_), step};
    GuardedImage target(width, height, 1, random_);
    const RandomHeads random = AnyHeads(architecture_, width * height, !finite, random_);
    const Image expected =
        PlainFilter(random.heads, HeadLayout::kPixels, target.view(), architecture_, lattice);
    OnEachTarget([&] {
      GuardedImage guarded(width, height, 1, random_);
      const View out = guarded.view();
      const Image before = Image::Clone(out);
      const WholeTarget whole(target, architecture_);
      FastKernel(architecture_).FilterLattice(random.heads, whole.sampled, lattice, out);
      guarded.CheckGuard();
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const int column = x - lattice.x;
          const int row = y - lattice.y;
          if (column < 0 || row < 0 || column % step != 0 || row % step != 0) {
            ASSERT_EQ(out(x, y), before(x, y)) << "x " << x << " y " << y;
          } else if (finite) {
            ASSERT_NEAR(out(x, y), expected(column / step, row / step), 1e-4f)
                << "x " << x << " y " << y;
          }
        }
      }
    });
  }
}

INSTANTIATE_TEST_SUITE_P(Architectures, KernelPropertyTest, testing::ValuesIn(kArchitectures));

// The average in float is that in double, rounded.
TEST(WeightedAveragePropertyTest, FloatIsDoubleRounded) {
  std::mt19937 random(5);
  for (int trial = 0; trial < Trials(10); ++trial) {
    const Architecture architecture = ArchitectureFromJson(kArchitectures[trial % 4]);
    const int taps = architecture.kernel_size * architecture.kernel_size;
    const int width = RandomInt(1, 60, random);
    const int height = RandomInt(1, 20, random);
    GuardedImage target(width, height, 1, random);
    GuardedImage weights(width, height, taps, random);
    GuardedImage offsets(width, height, 2 * taps, random);
    GuardedImage out(width, height, 1, random);
    for (int c = 0; c < 2 * taps; ++c) {
      for (int x = 0; x < width; ++x) {
        float& offset = offsets.view()(x, RandomInt(0, height - 1, random), c);
        offset = (offset - 0.5f) * (x % 5 == 0 ? 1e30f : 20.0f);
      }
    }
    const auto wide = [&](ConstView view) {
      std::vector<double> values;
      for (int c = 0; c < view.channels; ++c) {
        for (int y = 0; y < height; ++y) {
          values.insert(values.end(), view.Row(y, c), view.Row(y, c) + width);
        }
      }
      return values;
    };
    const auto view = [&](auto& values, int channels) {
      return BasicView<double>(values.data(), width, height, channels, width, width * height);
    };
    std::vector<double> t = wide(target), w = wide(weights), o = wide(offsets), expected(t.size());
    WeightedAverage<double>(view(t, 1), view(w, taps), view(o, 2 * taps),
                            SamplingGrid<double>(architecture), view(expected, 1));
    WeightedAverage<float>(target.view(), weights, offsets, SamplingGrid<float>(architecture), out);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        ASSERT_NEAR(out.view()(x, y), expected[y * width + x], 1e-4) << "x " << x << " y " << y;
      }
    }
    out.CheckGuard();
  }
}

// Every value of the image appears once, where Fig. 5 puts it.
TEST(PhasesPropertyTest, NothingIsLostOrInvented) {
  std::mt19937 random(6);
  for (int trial = 0; trial < Trials(20); ++trial) {
    const int width = 4 * RandomInt(1, 400, random);
    const int height = 4 * RandomInt(1, 4, random);
    const int channels = RandomInt(1, 4, random);
    GuardedImage guarded(width, height, channels, random);
    const ConstView image = guarded.view();
    for (const ValueLayout layout : {ValueLayout::kInnermost, ValueLayout::kBlocks}) {
      constexpr float kGuard = -7.0f;
      const std::size_t count = static_cast<std::size_t>(width) * height * channels;
      std::vector<float> out(count + 2, kGuard);
      SplitPhases(image, layout, out.data() + 1);
      ASSERT_EQ(out.front(), kGuard);
      ASSERT_EQ(out.back(), kGuard);
      const int blocks = width / 4 * (height / 4);
      for (std::size_t i = 0; i < count; ++i) {
        const int at = static_cast<int>(i);
        const bool innermost = layout == ValueLayout::kInnermost;
        const int channel = innermost ? at / 16 % channels : at / (16 * blocks);
        const int block = innermost ? at / (16 * channels) : at / 16 % blocks;
        const int x = block % (width / 4) * 4 + at % 4;
        const int y = block / (width / 4) * 4 + at / 4 % 4;
        ASSERT_EQ(out[i + 1], image(x, y, channel)) << i;
      }
    }
  }
}

}  // namespace
}  // namespace dkn
