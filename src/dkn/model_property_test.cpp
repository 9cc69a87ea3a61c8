// Properties of Model::Apply and sessions on images of sizes at random, in every precision.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <random>
#include <string>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/test_properties.h"
#include "src/dkn/calibration.h"
#include "src/dkn/execution.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/random_weights.h"
#include "src/dkn/tiling.h"
#include "src/imaging/padding.h"

namespace dkn {
namespace {

struct Case {
  const char* architecture;
  Precision precision;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.architecture << " in " << PrecisionName(c.precision);
}

// Both kinds, and what changes how images are read; DKN with few channels, as it is slow.
constexpr const char* kArchitectures[] = {
    R"({"kind": "fdkn"})",
    R"({"kind": "fdkn", "streams": "one", "guide": "luma", "n1": 32, "n2": 32})",
    R"({"kind": "fdkn", "guide": "none", "residual": false, "n1": 32, "n2": 32})",
    R"({"kind": "fdkn", "levels": 5, "target": "measurement", "n1": 32, "n2": 32})",
    R"({"kind": "fdkn", "blocks": 2, "n1": 32, "n2": 32})",
    R"({"kind": "fdkn", "streams": "one", "target": "measurement", "blocks": 3})",
    R"({"kind": "dkn", "n1": 32, "n2": 32})",
    R"({"kind": "dkn", "n1": 32, "n2": 32, "dkn_features": "small", "residual": false})",
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Precision precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
    for (const char* architecture : kArchitectures) {
      cases.push_back({architecture, precision});
    }
  }
  return cases;
}

// A model of the case's architecture, its weights at random.
class ModelPropertyTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (SupportedPrecision(GetParam().precision) != GetParam().precision) {
      GTEST_SKIP() << "the processor has no instructions for this precision";
    }
    TensorFile file = RandomWeights(architecture_, 1);
    const Calibration calibration(file);
    FilterOutput output;
    calibration.Apply({RandomImage(72, 64, 3, 40), RandomImage(72, 64, 1, 41)}, output);
    calibration.Store(file);
    const std::string path =
        testing::TempDir() + "model_property_" + std::to_string(getpid()) + ".safetensors";
    WriteSafetensors(path, file);
    model_ = Model::Load(path, {.precision = GetParam().precision});
    std::filesystem::remove(path);
  }

  Image Apply(ConstView guide, ConstView target) const {
    FilterOutput output;
    model_->Apply({guide, target}, output);
    return std::move(output.image);
  }
  // How far two ways to filter a pixel may differ: Winograd's algorithm, in fp32, rounds by where a
  // pixel lies in its tile.
  bool IsDkn() const { return architecture_.kind == NetworkKind::kDkn; }
  // FDKN's images are wide, for many strips of heads; DKN, which has none, is a hundred times
  // slower.
  int WideImage(int at_least) {
    return IsDkn() ? RandomInt(140, 220, random_) : RandomInt(at_least, 1500, random_);
  }
  float Tolerance() const { return GetParam().precision == Precision::kFp32 ? 5e-5f : 2e-6f; }

  const Architecture architecture_ = ArchitectureFromJson(GetParam().architecture);
  std::mt19937 random_{7};
  std::unique_ptr<Model> model_;
};

// A pixel depends on what lies within the margin of tiles, and on nothing else: a part of an image,
// filtered by itself, gives what the whole does. (Once FDKN filtered other blocks in the last
// columns of images wider than one strip of heads.) Of coarser levels, the pixels within their
// window count too, and a part must begin where one of their pixels does.
TEST_P(ModelPropertyTest, PartsEqualTheWhole) {
  const int coarsest =
      1 << (architecture_.levels - 1);  // pixels of the target in one of its pixels
  const int margin =
      std::max(TileMargin(architecture_), coarsest * ((architecture_.window - 1) / 2 + 3));
  const int grid = std::max(4, coarsest);
  for (int trial = 0; trial < Trials(IsDkn() ? 1 : 3); ++trial) {
    const int width = WideImage(trial == 0 ? 1200 : 1);
    const int height = RandomInt(1, 14, random_);
    GuardedImage guide(width, height, RandomInt(0, 1, random_) * 2 + 1, random_);
    GuardedImage target(width, height, 1, random_);
    const Image whole = Apply(guide, target);
    SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height));
    const int step = IsDkn() ? 120 : 400;
    for (int begin = 0; begin < width; begin += step) {
      const int left = std::max(0, begin - margin) / grid * grid;
      const int end = std::min(width, begin + step);
      const int right = end == width ? width : std::min(width, (end + margin + 3) / 4 * 4);
      const Image part = Apply(guide.view().Crop(left, 0, right - left, height),
                               target.view().Crop(left, 0, right - left, height));
      ExpectNear(whole.view().Crop(begin, 0, end - begin, height),
                 part.view().Crop(begin - left, 0, end - begin, height), Tolerance());
      if (HasFatalFailure()) {
        return;
      }
    }
    guide.CheckGuard();
    target.CheckGuard();
  }
}

// Eq. (3) and (7), from the kernels that the model gives for inspection.
TEST_P(ModelPropertyTest, TheResultIsTheWeightedAverageByItsKernels) {
  for (int trial = 0; trial < Trials(IsDkn() ? 1 : 2); ++trial) {
    const int width = WideImage(trial == 0 ? 641 : 1);
    const int height = RandomInt(1, 9, random_);
    GuardedImage guide(width, height, 3, random_);
    GuardedImage target(width, height, 1, random_);
    const ConstView values = target.view();
    const Image out = Apply(guide, target);
    const Kernels kernels = model_->ComputeKernels({guide, target});
    const Image padded =
        ReplicatePad(values, PaddedSize(width) - width, PaddedSize(height) - height);
    const TargetPyramid<float> pyramid(padded.view(), ConstView(), architecture_.levels);
    const SamplingGrid<float> grid(architecture_);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        double sum = architecture_.residual ? values(x, y) : 0.0;
        for (int tap = 0; tap < kernels.weights.channels(); ++tap) {
          const int level = grid.Level(tap);
          const ConstView& image = pyramid[level];
          const auto read = [&](int i, int j) {
            return double{
                image(std::clamp(i, 0, image.width - 1), std::clamp(j, 0, image.height - 1))};
          };
          const double scale = 1 << level;
          const double px = (x + kernels.positions(x, y, 2 * tap) + 0.5) / scale - 0.5;
          const double py = (y + kernels.positions(x, y, 2 * tap + 1) + 0.5) / scale - 0.5;
          const int left = static_cast<int>(std::floor(px));
          const int top = static_cast<int>(std::floor(py));
          const double upper = std::lerp(read(left, top), read(left + 1, top), px - left);
          const double lower = std::lerp(read(left, top + 1), read(left + 1, top + 1), px - left);
          const double own = level > 0 && architecture_.residual ? values(x, y) : 0.0;
          sum += kernels.weights(x, y, tap) * (std::lerp(upper, lower, py - top) - own);
        }
        ASSERT_NEAR(out(x, y), sum, 5e-5) << "x " << x << " y " << y;
      }
    }
  }
}

TEST_P(ModelPropertyTest, AValueThatIsNotFiniteIsFoundAnywhereAndLeavesNothingBehind) {
  for (int trial = 0; trial < Trials(2); ++trial) {
    const int width = RandomInt(1, 60, random_);
    const int height = RandomInt(1, 12, random_);
    GuardedImage guide(width, height, 3, random_);
    GuardedImage target(width, height, 2, random_);
    const Image before = Apply(guide, target);
    GuardedImage& bad = trial % 2 == 0 ? guide : target;
    const int x = RandomInt(0, width - 1, random_);
    const int y = RandomInt(0, height - 1, random_);
    float& value = bad.view()(x, y, RandomInt(0, 1, random_));
    const float good = value;
    for (const float wrong : {std::nanf(""), std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity()}) {
      value = wrong;
      EXPECT_THAT([&] { Apply(guide, target); },
                  testing::ThrowsMessage<Error>(testing::HasSubstr(
                      "x = " + std::to_string(x) + ", y = " + std::to_string(y) + ";")));
    }
    value = good;
    ExpectNear(Apply(guide, target), before, 0.0f);
  }
}

// Values far outside [0, 1] are no business of the network's, but they end well.
TEST_P(ModelPropertyTest, LargeValuesDoNoHarm) {
  for (const float scale : {0.0f, 1e10f}) {
    Image guide = RandomImage(21, 13, 3, -scale, scale, 1);
    Image target = RandomImage(21, 13, 1, -scale, scale, 2);
    const Image out = Apply(guide, target);
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_TRUE(std::isfinite(out.data()[i])) << scale;
      ASSERT_LE(std::abs(out.data()[i]), 20.0f * scale) << scale;
    }
  }
}

TEST_P(ModelPropertyTest, SessionsGiveWhatApplyDoes) {
  for (int trial = 0; trial < Trials(IsDkn() ? 1 : 2); ++trial) {
    const int width = WideImage(trial == 0 ? 641 : 1);
    const int height = RandomInt(1, 12, random_);
    const auto session =
        model_->StartSession({.width = width, .height = height, .target_channels = 2});
    GuardedImage guide(width, height, 3, random_);
    GuardedImage target(width, height, 2, random_);
    FilterOutput output;
    session->SetGuide(guide);
    session->Apply({{}, target}, output);
    ExpectNear(output.image, Apply(guide, target), 0.0f);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, ModelPropertyTest, testing::ValuesIn(Cases()));

// The appendix's 16 passes are the reference of what DKN executes.
TEST(DknPropertyTest, SharedShiftsEqualWholePasses) {
  const Architecture architecture = ArchitectureFromJson(R"({"kind": "dkn", "n1": 32, "n2": 32})");
  const TensorFile weights = RandomWeights(architecture, 1);
  const auto plain = MakeShiftAndStitch(weights, architecture);
  const auto shared = MakeExecution(weights, architecture);
  std::mt19937 random(3);
  for (int trial = 0; trial < Trials(2); ++trial) {
    const int width = 4 * RandomInt(1, 60, random);
    const int height = 4 * RandomInt(1, 3, random);
    GuardedImage guide(width, height, 3, random);
    GuardedImage target(width, height, 1, random);
    GuardedImage a(width, height, 1, random);
    GuardedImage b(width, height, 1, random);
    for (const auto& [execution, out] : {std::pair{plain.get(), &a}, {shared.get(), &b}}) {
      const auto filter = execution->Prepare(width, height);
      filter->SetGuide(guide);
      filter->Filter(target, target.view(), *out);
      out->CheckGuard();
    }
    SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height));
    ExpectNear(a.view(), b.view(), 5e-5f);
  }
}

}  // namespace
}  // namespace dkn
