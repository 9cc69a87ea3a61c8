#include "src/imaging/wild_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dkn/io.h"
#include "dkn/resample.h"
#include "dkn/upsampler.h"
#include "src/data/dataset.h"
#include "src/imaging/holes.h"

// A few wild values change nothing far from them, and real maps have none.
namespace dkn {
namespace {

namespace fs = std::filesystem;

fs::path Data() {
  return fs::path(DKN_SOURCE_DIR) / "../shared/data";
}

using Pixels = std::vector<std::pair<int, int>>;

// Over what is more than 40 pixels from all of them.
double FarRmse(const Image& result, const Image& truth, const Pixels& wild, int scale) {
  constexpr double kFar = 40.0;
  double sum = 0.0;
  int count = 0;
  for (int y = 0; y < truth.height(); ++y) {
    for (int x = 0; x < truth.width(); ++x) {
      bool far = true;
      for (const auto& [wild_x, wild_y] : wild) {
        far = far &&
              std::hypot(scale * (wild_x + 0.5) - x - 0.5, scale * (wild_y + 0.5) - y - 0.5) > kFar;
      }
      if (far) {
        sum += std::pow(result(x, y) - truth(x, y), 2.0);
        ++count;
      }
    }
  }
  return std::sqrt(sum / count);
}

TEST(WildValues, TwelveChangeNothingFarFromThem) {
  if (!fs::exists(Data())) {
    GTEST_SKIP() << Data() << " is absent";
  }
  constexpr int kScale = 4;
  constexpr std::size_t kImages = 6;
  const auto set =
      OpenDataset({.path = (Data() / "nyu_val").string(), .unit_per_step = 2.0});  // mm
  std::mt19937 random(7);
  Upsampler upsampler;
  UpsamplerOptions options;
  options.upsample.keep_wild_values = true;
  Upsampler keeping(options);
  double without = 0.0;
  double with = 0.0;
  double kept = 0.0;
  for (std::size_t i = 0; i < kImages; ++i) {
    const Sample sample = set->Read(i * set->size() / kImages);
    const Image& truth = sample.truth;
    const int width = truth.width() / kScale;
    const int height = truth.height() / kScale;
    const Image shrunk = Resize(truth, width, height, Resampler::kBicubic);
    const FrameBuffer plain = FrameOf(shrunk, SampleType::kUint16);
    FrameBuffer wild = FrameOf(shrunk, SampleType::kUint16);
    Pixels pixels;
    while (pixels.size() < 12) {
      const auto at = static_cast<int>(random() % static_cast<unsigned>(width * height));
      wild.As<std::uint16_t>()[at] = 65535;
      pixels.emplace_back(at % width, at / width);
    }
    const auto rmse = [&](Upsampler& by, const FrameBuffer& depth) {
      by.SetGuide(FrameOf(sample.guide));
      return FarRmse(ImageOf(by.Upsample(depth).image), truth, pixels, kScale);
    };
    without += rmse(upsampler, plain);
    with += rmse(upsampler, wild);
    kept += rmse(keeping, wild);
  }
  EXPECT_LE(with, 1.001 * without);
  EXPECT_GE(kept, 1.2 * without);  // else this test tells nothing
}

// The map and what cameras and loaders make of it: shrunk, and a part alone.
void ExpectNoneWild(const Image& map, const std::string& name) {
  const auto check = [&](Image view, const std::string& what) {
    EXPECT_EQ(RemoveWildValues(view).pixels, 0) << name << " " << what;
  };
  check(Image::Clone(map), "whole");
  for (const int scale : {2, 4, 8, 16}) {
    for (const Resampler resampler : {Resampler::kBicubic, Resampler::kNearest}) {
      check(Resize(map, std::max(map.width() / scale, 1), std::max(map.height() / scale, 1),
                   resampler),
            std::to_string(scale));
    }
  }
  const int width = map.width() / 4;
  const int height = map.height() / 4;
  for (int part = 0; part < 16; ++part) {
    check(Image::Clone(map.view().Crop(part % 4 * width, part / 4 * height, width, height)),
          "part " + std::to_string(part));
  }
}

struct RealSet {
  const char* folder;
  const char* ending;
  bool zero_is_hole;
};

class RealMaps : public testing::TestWithParam<RealSet> {};

TEST_P(RealMaps, HaveNoWildValues) {
  const RealSet& set = GetParam();
  if (!fs::exists(Data() / set.folder)) {
    GTEST_SKIP() << Data() / set.folder << " is absent";
  }
  int maps = 0;
  for (const auto& entry : fs::directory_iterator(Data() / set.folder)) {
    const std::string name = entry.path().string();
    if (name.ends_with(set.ending)) {
      const Image map = std::move(ReadImage(name).image);
      ExpectNoneWild(set.zero_is_hole ? MarkHoles(map, 0.0f) : Image::Clone(map), name);
      ++maps;
    }
  }
  EXPECT_GT(maps, 0);
}

INSTANTIATE_TEST_SUITE_P(Sets, RealMaps,
                         testing::Values(RealSet{"nyu_val", "_depth.png", true},
                                         RealSet{"middlebury", "_depth.png", true},
                                         RealSet{"lu", "_depth.png", true},
                                         RealSet{"kinect", "_depth.png", true},
                                         RealSet{"saliency", "_saliency.png", false}),
                         [](const auto& info) { return std::string(info.param.folder); });

}  // namespace
}  // namespace dkn
