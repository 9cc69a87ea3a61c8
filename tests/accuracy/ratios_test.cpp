#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <utility>

#include "dkn/resample.h"
#include "dkn/upsampler.h"
#include "src/imaging/holes.h"
#include "src/imaging/punch_holes.h"
#include "tests/accuracy/rooms.h"

// What `dkn upsample` chooses by itself must not make a frame worse than doing nothing would:
// bicubic interpolation, with holes filled.
namespace dkn {
namespace {

// Deviation of a structured-light sensor at z metres: 1.5 (1.4 z^2 + 1) mm.
double SensorDeviation(double z) {
  return 0.0015 * (1.4 * z * z + 1.0);
}

struct NoisyFrame {
  Image depth;    // NaN in holes
  Image correct;  // the depth without noise and holes
};

struct Ratio {
  double ratio;
  bool noise;
  double holes = 0.12;  // share of the samples
  Resampler resampler = Resampler::kBicubic;
  double strength = 1.0;  // of the noise, of the sensor's
};

// What gtest shows of a case.
std::ostream& operator<<(std::ostream& out, const Ratio& ratio) {
  return out << ratio.ratio << " by " << ToString(ratio.resampler)
             << (ratio.noise ? " with noise" : "") << ", " << ratio.holes << " in holes";
}

NoisyFrame Measure(const Image& truth, const Ratio& how, unsigned seed) {
  const auto& [ratio, noise, holes, resampler, strength] = how;
  const auto side = [ratio = ratio](int size) {
    return static_cast<int>(std::lround(size / ratio));
  };
  NoisyFrame frame;
  frame.correct = Resize(truth, side(truth.width()), side(truth.height()), resampler);
  frame.depth = Image::Clone(frame.correct);
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; noise && i < frame.depth.size(); ++i) {
    float& z = frame.depth.data()[i];
    z = static_cast<float>(z + normal(random) * strength * SensorDeviation(z));
  }
  PunchHoles(frame.depth, holes, seed);
  return frame;
}

double Rmse(const Image& image, const Image& truth) {
  double sum = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    sum += std::pow(image.data()[i] - truth.data()[i], 2.0);
  }
  return std::sqrt(sum / static_cast<double>(truth.size()));
}

class RatioTest : public testing::TestWithParam<Ratio> {};

TEST_P(RatioTest, TheDefaultIsNotWorseThanBicubic) {
  UpsamplerOptions bicubic;
  bicubic.method = "bicubic";
  double by_default = 0.0;
  double by_bicubic = 0.0;
  for (const unsigned seed : {3000u, 3002u}) {
    const RgbdImage& room = Room(seed);
    const NoisyFrame frame = Measure(room.depth, GetParam(), seed);
    const auto rmse = [&](UpsamplerOptions options) {
      Upsampler upsampler(std::move(options));
      upsampler.SetGuide(FrameOf(room.rgb));
      return Rmse(ImageOf(upsampler.Upsample(FrameOf(frame.depth)).image), room.depth);
    };
    by_default += rmse({});
    by_bicubic += rmse(bicubic);
  }
  RecordProperty("ratio_of_rmse", std::to_string(by_default / by_bicubic));
  EXPECT_LE(by_default, by_bicubic * 1.0001);
}

// A frame of the guide's own size comes from a camera, and has noise.
INSTANTIATE_TEST_SUITE_P(Camera, RatioTest,
                         testing::Values(Ratio{1.0, true}, Ratio{1.15, true}, Ratio{1.25, true},
                                         Ratio{1.5, true}, Ratio{2.0, true}, Ratio{2.5, true},
                                         Ratio{3.0, true}, Ratio{3.5, true}, Ratio{4.0, true},
                                         Ratio{6.0, true}, Ratio{8.0, true}, Ratio{16.0, true}));
INSTANTIATE_TEST_SUITE_P(Clean, RatioTest,
                         testing::Values(Ratio{1.25, false}, Ratio{1.6, false}, Ratio{2.0, false},
                                         Ratio{2.5, false}, Ratio{2.75, false}, Ratio{3.3, false},
                                         Ratio{3.45, false}, Ratio{4.0, false}, Ratio{5.5, false},
                                         Ratio{6.5, false}, Ratio{8.0, false}, Ratio{11.0, false},
                                         Ratio{13.0, false}, Ratio{16.0, false}));
INSTANTIATE_TEST_SUITE_P(Holes, RatioTest,
                         testing::Values(Ratio{1.0, true, 0.0}, Ratio{1.0, true, 0.5},
                                         Ratio{1.0, false, 0.95}, Ratio{2.0, true, 0.0},
                                         Ratio{2.0, false, 0.5}, Ratio{4.0, false, 0.5},
                                         Ratio{8.0, false, 0.5}));

// Pixels that were picked, as a sensor of few points gives them, and other averages.
INSTANTIATE_TEST_SUITE_P(Points, RatioTest,
                         testing::Values(Ratio{1.5, false, 0.0, Resampler::kNearest},
                                         Ratio{2.0, false, 0.0, Resampler::kNearest},
                                         Ratio{3.0, false, 0.12, Resampler::kNearest},
                                         Ratio{4.0, false, 0.0, Resampler::kNearest},
                                         Ratio{4.0, false, 0.12, Resampler::kNearest},
                                         Ratio{6.5, false, 0.0, Resampler::kNearest},
                                         Ratio{8.0, false, 0.0, Resampler::kNearest},
                                         Ratio{8.0, false, 0.12, Resampler::kNearest},
                                         Ratio{16.0, false, 0.0, Resampler::kNearest}));
INSTANTIATE_TEST_SUITE_P(Averages, RatioTest,
                         testing::Values(Ratio{2.0, false, 0.0, Resampler::kBox},
                                         Ratio{4.0, false, 0.0, Resampler::kBox},
                                         Ratio{8.0, false, 0.0, Resampler::kBox},
                                         Ratio{16.0, false, 0.0, Resampler::kBox},
                                         Ratio{4.0, false, 0.0, Resampler::kBilinear},
                                         Ratio{8.0, false, 0.0, Resampler::kLanczos}));

// Of a frame of the guide's own size doing nothing leaves the samples as they are: where one is
// measured, the result must not be worse, whatever the camera's noise, in a part of a view either.
class OwnSizeTest : public testing::TestWithParam<double> {};

TEST_P(OwnSizeTest, TheDefaultIsNotWorseThanTheSamples) {
  for (const bool part : {false, true}) {
    double by_default = 0.0;
    double by_nothing = 0.0;
    for (const unsigned seed : {3000u, 3001u, 3002u, 3003u}) {
      const RgbdImage& room = Room(seed);
      const int moved = static_cast<int>(seed % 4) * 20;
      const auto cut = [&](const Image& image) {
        return Image::Clone(part ? image.view().Crop(20 + moved, moved, 167, 119) : image.view());
      };
      const Image rgb = cut(room.rgb);
      const Image truth = cut(room.depth);
      const NoisyFrame frame =
          Measure(truth, {.ratio = 1.0, .noise = true, .holes = 0.1, .strength = GetParam()}, seed);
      Upsampler upsampler;
      upsampler.SetGuide(FrameOf(rgb));
      const Image result = ImageOf(upsampler.Upsample(FrameOf(frame.depth)).image);
      for (std::size_t i = 0; i < truth.size(); ++i) {
        const float sample = frame.depth.data()[i];
        if (std::isfinite(sample)) {
          by_default += std::pow(result.data()[i] - truth.data()[i], 2.0);
          by_nothing += std::pow(sample - truth.data()[i], 2.0);
        }
      }
    }
    RecordProperty(part ? "ratio_in_parts" : "ratio_of_rmse",
                   std::to_string(std::sqrt(by_default / by_nothing)));
    EXPECT_LE(by_default, by_nothing) << (part ? "parts" : "whole rooms");
  }
}

INSTANTIATE_TEST_SUITE_P(Noise, OwnSizeTest, testing::Values(0.25, 0.5, 1.0, 2.0));

}  // namespace
}  // namespace dkn
