#include "src/eval/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <vector>

#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/registry.h"
#include "dkn/resample.h"
#include "src/core/test_images.h"
#include "src/eval/metrics.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"

namespace dkn::eval {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

// Returns its target, and keeps what the last call saw.
class IdentityFilter : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    output.image = Image::Clone(input.target);
    seen_guide = Image::Clone(input.guide);
    seen_range = FiniteRange(input.target);
    ++calls;
  }
  mutable Image seen_guide;
  mutable ValueRange seen_range;
  mutable int calls = 0;
};

// Fills the output with one value.
class ConstantFilter : public JointFilter {
 public:
  explicit ConstantFilter(float value) : value_(value) {}
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    output.image.Reset(input.target.width, input.target.height);
    std::fill_n(output.image.data(), output.image.size(), value_);
  }

 private:
  float value_;
};

// A smooth ramp with a step, values 40 to about 200.
Image Truth(int width, int height) {
  Image truth(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      truth(x, y) = std::round(40.0f + 0.5f * static_cast<float>(y) + (2 * x > width ? 100 : 0));
    }
  }
  return truth;
}

TEST(EvaluateImage, MeasuresTheDegradationWithTheIdentity) {
  const Image truth = Truth(64, 48);
  const Image input = Resize(truth, 8, 6, Resampler::kBicubic);
  const double expected = Rmse(Resize(input, 64, 48, Resampler::kBicubic), truth, 6);
  ASSERT_GT(expected, 5.0);
  const IdentityFilter identity;
  EXPECT_NEAR(EvaluateImage(identity, Image(64, 48, 3), truth, {}), expected, 1e-4);
}

TEST(EvaluateImage, NormalisesByTheRangeItIsTold) {
  const Image truth = Truth(64, 48);
  // 0 and 1 stand for the smallest and largest value of the low-resolution input or the truth.
  for (const Range by : {Range::kInput, Range::kTruth}) {
    Protocol protocol;
    protocol.normalization = by;
    const ValueRange range = by == Range::kTruth
                                 ? FiniteRange(truth)
                                 : FiniteRange(Resize(truth, 8, 6, Resampler::kBicubic));
    for (const float value : {0.0f, 1.0f}) {
      Image filled(64, 48);
      std::fill_n(filled.data(), filled.size(), value == 0.0f ? range.low : range.high);
      EXPECT_NEAR(EvaluateImage(ConstantFilter(value), Image(64, 48), truth, protocol),
                  Rmse(filled, truth, 6), 1e-4);
    }
  }
}

TEST(EvaluateImage, DoesNotClipTheOvershoot) {
  Protocol protocol;
  protocol.down = Resampler::kNearest;
  const IdentityFilter identity;
  EvaluateImage(identity, Image(64, 48), Truth(64, 48), protocol);
  EXPECT_LT(identity.seen_range.low, 0.0f);
  EXPECT_GT(identity.seen_range.high, 1.0f);
}

TEST(EvaluateImage, CropsGuideAndTruthAlike) {
  Image guide(69, 55, 3);
  for (std::size_t i = 0; i < guide.size(); ++i) {
    guide.data()[i] = static_cast<float>(i % 251) / 251.0f;
  }
  const Image truth = Truth(69, 55);
  const IdentityFilter identity;
  const double rmse = EvaluateImage(identity, guide, truth, {});
  ASSERT_EQ(identity.seen_guide.width(), 64);
  ASSERT_EQ(identity.seen_guide.height(), 48);
  EXPECT_EQ(identity.seen_guide(63, 47, 2), guide(63, 47, 2));
  EXPECT_DOUBLE_EQ(rmse, EvaluateImage(identity, Image::Clone(guide.view().Crop(0, 0, 64, 48)),
                                       Image::Clone(truth.view().Crop(0, 0, 64, 48)), {}));
}

TEST(EvaluateImage, LeavesAConstantInputUnfiltered) {
  Image truth(32, 32);
  std::fill_n(truth.data(), truth.size(), 128.0f);
  const IdentityFilter identity;
  EXPECT_NEAR(EvaluateImage(identity, Image(32, 32), truth, {}), 0.0, 1e-3);
}

TEST(EvaluateImage, MeasuresTheNoiseWithTheIdentity) {
  const Image truth = Truth(400, 240);
  const ValueRange range = FiniteRange(truth);
  Protocol protocol;
  protocol.scale = 1;
  protocol.noise_variance = 0.005;
  const IdentityFilter identity;
  const double expected = std::sqrt(0.005) * (range.high - range.low);
  const double rmse = EvaluateImage(identity, Image(400, 240), truth, protocol);
  EXPECT_NEAR(rmse, expected, 0.02 * expected);
  // Normalised by the noisy input's range, so nothing leaves [0, 1].
  EXPECT_NEAR(identity.seen_range.low, 0.0f, 1e-6f);
  EXPECT_NEAR(identity.seen_range.high, 1.0f, 1e-6f);
  EXPECT_EQ(EvaluateImage(identity, Image(400, 240), truth, protocol, 0), rmse);
  EXPECT_NE(EvaluateImage(identity, Image(400, 240), truth, protocol, 1), rmse);
}

TEST(EvaluateImage, RefusesWhatCannotBeMeasured) {
  const IdentityFilter identity;
  EXPECT_THAT([&] { EvaluateImage(identity, Image(32, 24), Truth(32, 32), {}); },
              ThrowsMessage<Error>(HasSubstr("guide is 32 x 24, expected")));
  EXPECT_THAT([&] { EvaluateImage(identity, Image(8, 8), Truth(8, 8), {}); },
              ThrowsMessage<Error>(HasSubstr("no pixels inside a border of 6")));
  EXPECT_THROW(EvaluateImage(identity, Image(5, 5), Truth(5, 5), {}), Error);
  const ConstantFilter broken(std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT([&] { EvaluateImage(broken, Image(32, 32), Truth(32, 32), {}); },
              ThrowsMessage<Error>(HasSubstr("not finite")));
}

TEST(MakeTrial, MeasuresAroundWhatIsNotKnown) {
  Sample sample{Image(64, 48, 3), Truth(64, 48), {}};
  const Trial whole = MakeTrial(sample, {}, 0);
  for (int y = 20; y < 28; ++y) {
    for (int x = 8; x < 16; ++x) {
      sample.truth(x, y) = std::numeric_limits<float>::quiet_NaN();
    }
  }
  const Trial trial = MakeTrial(sample, {}, 0);
  EXPECT_TRUE(std::isnan(trial.truth(10, 22)));
  EXPECT_EQ(trial.input(6, 1), whole.input(6, 1));  // far from the hole
  const Image result = RunTrial(IdentityFilter(), trial);
  const double rmse = Rmse(result, trial.truth, 6);
  EXPECT_GT(rmse, 0.0);
  EXPECT_NEAR(rmse, Rmse(RunTrial(IdentityFilter(), whole), whole.truth, 6), 1.0);
}

TEST(MakeTrial, TakesSamplesAwayAndCountsThePixelsOfOthers) {
  const Sample sample{Image(96, 64, 3), Truth(96, 64), {}};
  Protocol protocol;
  protocol.border = 0;
  const Trial whole = MakeTrial(sample, protocol, 3);
  protocol.holes = 0.25;
  for (const HoleUse use :
       {HoleUse::kDense, HoleUse::kSmooth, HoleUse::kFilled, HoleUse::kRefined}) {
    protocol.hole_use = use;
    const Trial trial = MakeTrial(sample, protocol, 3);
    int holes = 0;
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 96; ++x) {
        const bool hole = std::isnan(trial.truth(x, y));
        holes += hole ? 1 : 0;
        EXPECT_EQ(hole, std::isnan(trial.truth(x / 8 * 8, y / 8 * 8)));  // whole cells
        if (!hole || use == HoleUse::kDense) {
          EXPECT_EQ(trial.input(x / 8, y / 8), whole.input(x / 8, y / 8));
        }
      }
    }
    EXPECT_EQ(holes, 96 * 64 / 4);
    EXPECT_EQ(trial.options.hole_refinements > 0, use == HoleUse::kRefined);
    EXPECT_GE(Rmse(RunTrial(IdentityFilter(), trial), trial.truth, 0), 0.0);
  }
}

TEST(MakeTrial, CountsPixelsInHolesOnRequest) {
  const Sample sample{Image(96, 64, 3), Truth(96, 64), {}};
  Protocol protocol;
  protocol.holes = 0.25;
  const Trial without = MakeTrial(sample, protocol, 3);
  protocol.count_holes = true;
  const Trial with = MakeTrial(sample, protocol, 3);
  for (std::size_t i = 0; i < with.truth.size(); ++i) {
    ASSERT_EQ(with.truth.data()[i], sample.truth.data()[i]);
  }
  for (std::size_t i = 0; i < with.input.size(); ++i) {
    ASSERT_EQ(with.input.data()[i], without.input.data()[i]);
    ASSERT_EQ(with.measured.data()[i], without.measured.data()[i]);
  }
}

TEST(FilterTrial, TellsItsConfidenceOnRequest) {
  const auto filter = CreateFilter("fdkn_x8");
  Trial trial = MakeTrial({Image(64, 48, 3), Truth(64, 48), {}}, {}, 0);
  EXPECT_TRUE(FilterTrial(*filter, trial).confidence.empty());
  trial.options.confidence = true;
  EXPECT_EQ(FilterTrial(*filter, trial).confidence.width(), 64);
  EXPECT_TRUE(FilterTrial(IdentityFilter(), trial).confidence.empty());
}

TEST(RunTrial, BackProjectsOnRequest) {
  const Sample sample{Image(64, 48, 3), Truth(64, 48), {}};
  Protocol protocol;
  protocol.fidelity = 5;
  const Trial trial = MakeTrial(sample, protocol, 0);
  const auto distance = [&](const Image& result) {
    return Rmse(Resize(result, 8, 6, Resampler::kBicubic), trial.input, 0);
  };
  EXPECT_LT(distance(RunTrial(IdentityFilter(), trial)), 0.2 * distance(TrialTarget(trial)));
}

TEST(MakeTrial, TakesTheSetsOwnMeasurements) {
  Protocol protocol;
  protocol.down = ProvidedInput{};
  Sample sample{Image(64, 48, 3), Truth(64, 48), Image(8, 6)};
  (*sample.input)(0, 0) = 5.0f;
  EXPECT_EQ(MakeTrial(sample, protocol, 0).input(0, 0), 5.0f);
  sample.input = Image(8, 7);
  EXPECT_THAT([&] { MakeTrial(sample, protocol, 0); },
              ThrowsMessage<Error>(AllOf(HasSubstr("8 x 7"), HasSubstr("8 x 6"))));
  sample.input.reset();
  EXPECT_THROW(MakeTrial(sample, protocol, 0), Error);
}

TEST(MakeTrial, NormalisesByAFixedRange) {
  Protocol protocol;
  protocol.normalization = ValueRange{0.0f, 255.0f};
  const IdentityFilter identity;
  const Trial trial = MakeTrial({Image(64, 48, 3), Truth(64, 48), {}}, protocol, 0);
  RunTrial(identity, trial);
  EXPECT_NEAR(identity.seen_range.high, FiniteRange(TrialTarget(trial)).high / 255.0f, 1e-6f);
}

struct Reference {
  const char* set;
  double unit_per_step;
  double bicubic;
};

// The figures of ../shared/reference/README.md, made with Pillow and NumPy.
TEST(EvaluateImage, ReproducesTheReferenceFiguresOfBicubic) {
  const fs::path data = fs::path(DKN_SOURCE_DIR) / "../shared/data";
  if (!fs::exists(data)) {
    GTEST_SKIP() << data << " is absent";
  }
  for (const Reference& reference :
       {Reference{"nyu_val", 0.2, 5.928}, {"middlebury", 1.0, 3.781}, {"lu", 1.0, 3.534}}) {
    const auto set = OpenDataset(
        {.path = (data / reference.set).string(), .unit_per_step = reference.unit_per_step});
    std::vector<double> values;
    for (std::size_t i = 0; i < set->size(); ++i) {
      const Sample sample = set->Read(i);
      values.push_back(EvaluateImage(IdentityFilter(), sample.guide, sample.truth, {}));
    }
    EXPECT_NEAR(Summarize(values).mean, reference.bicubic, 0.005 * reference.bicubic)
        << reference.set;
  }
}

// The truth as a camera measures it, of any ratio.
TEST(MakeTrial, MeasuresAsADepthCamera) {
  Protocol protocol;
  protocol.depth_case.emplace();
  protocol.depth_case->ratio = {1.5, 1.5};
  protocol.depth_case->holes = {0.25, 0.25};
  protocol.depth_case->sensor_noise = {1.0, 1.0};
  const Image truth = Truth(66, 48);
  const Sample sample{Image(66, 48, 3), Image::Clone(truth), {}};
  EXPECT_THAT([&] { MakeTrial(sample, protocol, 1); },
              ThrowsMessage<Error>(HasSubstr("needs 'metres'")));
  protocol.depth_case->sensors = {sensors::Sensor::kStereo};
  EXPECT_THAT(
      [&] {
        MakeTrial(sample, protocol, 1, {0.01, 0.0});
      },
      ThrowsMessage<Error>(HasSubstr("'focal'")));
  protocol.depth_case->sensors.clear();
  const Trial trial = MakeTrial(sample, protocol, 1, {0.01, 0.0});
  EXPECT_EQ(trial.guide.width(), 64);  // a multiple of 4, not of the ratio
  EXPECT_EQ(trial.input.width(), 43);
  EXPECT_EQ(trial.input.height(), 32);
  EXPECT_FALSE(HasHoles(trial.input));
  double holes = 0.0;
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      holes += trial.measured_pixels(x, y) == 0.0f ? 1.0 : 0.0;
      EXPECT_EQ(std::isfinite(trial.truth(x, y)), trial.measured_pixels(x, y) == 1.0f);
      EXPECT_EQ(trial.known_truth(x, y), truth(x, y));
    }
  }
  EXPECT_NEAR(holes / (64.0 * 48.0), 0.25, 0.02);
  // In units of cm: noise of about 4 mm at 40 cm to 1 m, not of metres.
  EXPECT_LT(Rmse(Resize(trial.input, 64, 48, Resampler::kBicubic), trial.truth, 0), 20.0);
}

// A wild value is a hole, and what lies around it does not count.
TEST(MakeTrial, AsksHowFarWildValuesDoHarm) {
  Protocol protocol;
  protocol.depth_case.emplace();
  protocol.depth_case->ratio = {4.0, 4.0};
  protocol.depth_case->wild_values = 1;
  const Trial trial = MakeTrial({Image(320, 240, 3), Truth(320, 240), {}}, protocol, 1, {0.01, 0});
  EXPECT_LT(trial.range.high, 400.0f);
  const auto unknown = std::count_if(trial.truth.data(), trial.truth.data() + trial.truth.size(),
                                     [](float value) { return std::isnan(value); });
  EXPECT_GE(unknown, 41 * 41);
  EXPECT_LE(unknown, 81 * 81);
}

// With "nearest" a hole has the value of a sample beside it.
TEST(MakeTrial, FillsByTheNearestSample) {
  Sample sample{Image(32, 16, 3), Truth(32, 16), Truth(32, 16)};
  sample.input->Row(7)[20] = kHole;
  sample.near_edges = Image(32, 16);
  sample.near_edges(3, 3) = 1.0f;
  Protocol protocol;
  protocol.scale = 1;
  protocol.down = ProvidedInput{};
  protocol.hole_use = HoleUse::kNearest;
  protocol.count_holes = true;
  const Trial trial = MakeTrial(sample, protocol, 1);
  EXPECT_EQ(trial.input(20, 7), (*sample.input)(19, 7));
  EXPECT_EQ(trial.measured_pixels(20, 7), 0.0f);
  EXPECT_EQ(trial.truth(20, 7), sample.truth(20, 7));
  EXPECT_EQ(trial.near_edges(3, 3), 1.0f);
  protocol.hole_use = HoleUse::kDense;
  EXPECT_THROW(MakeTrial(sample, protocol, 1), Error);
}

// The guide is filtered, not what the truth was: four times, each result guiding the next.
TEST(FilterTrial, RemovesTextureFromAGuideThatIsTheInput) {
  Sample sample{RandomImage(16, 12, 3, 0.0f, 1.0f, 4), Image(16, 12, 3), {}};
  Protocol protocol;
  protocol.scale = 1;
  protocol.down = GuideAsInput{};
  protocol.iterations = 3;
  const Trial trial = MakeTrial(sample, protocol, 0, {.peak = 1.0});
  EXPECT_EQ(trial.peak, 1.0);
  IdentityFilter identity;
  const Image same = RunTrial(identity, trial);
  EXPECT_EQ(identity.calls, 3);
  EXPECT_NEAR(same(3, 4, 1), sample.guide(3, 4, 1), 1e-6f);
  const auto filter = CreateFilter("guided");
  const Image result = RunTrial(*filter, trial);
  const Image expected = RemoveTexture(sample.guide, *filter, 3);
  for (std::size_t i = 0; i < result.size(); ++i) {
    EXPECT_EQ(result.data()[i], expected.data()[i]);
  }
  EXPECT_GT(FilterSeconds(*filter, trial), 0.0);
}

TEST(FilterTrial, FiltersAsOftenAsTheProtocolSays) {
  Protocol protocol;
  protocol.scale = 1;
  protocol.iterations = 2;
  const Trial trial = MakeTrial({Image(16, 12, 3), Truth(16, 12), {}}, protocol, 0);
  IdentityFilter identity;
  RunTrial(identity, trial);
  EXPECT_EQ(identity.calls, 2);
}

}  // namespace
}  // namespace dkn::eval
