// The network that ships for scores, on pictures whose labels are known.
#include <gtest/gtest.h>

#include <cmath>

#include "dkn/registry.h"
#include "dkn/resample.h"
#include "dkn/segmenter.h"
#include "src/eval/mean_iou.h"

namespace dkn {
namespace {

constexpr int kSide = 192;
constexpr int kClasses = 4;

// Discs and bars of four colours, with some texture.
void Draw(int seed, Image& picture, Image& labels) {
  picture = Image(kSide, kSide, 3);
  labels = Image(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double u = x - 70.0 - 9.0 * seed;
      const double v = y - 80.0 + 7.0 * seed;
      const bool bar = std::abs(0.8 * x + 0.6 * y - 150.0 - 5.0 * seed) < 5.0;
      const int label = bar ? 3 : u * u + v * v < 1800.0 ? 2 : y > 110 + 6 * seed ? 1 : 0;
      constexpr float kColours[kClasses][3] = {
          {0.6f, 0.7f, 0.9f}, {0.3f, 0.3f, 0.32f}, {0.7f, 0.25f, 0.2f}, {0.15f, 0.45f, 0.2f}};
      labels(x, y) = static_cast<float>(label);
      for (int c = 0; c < 3; ++c) {
        picture(x, y, c) = kColours[label][c] + 0.02f * static_cast<float>((x * 7 + y * 3) % 5 - 2);
      }
    }
  }
}

// Scores as a network has them, right but coarse: the classes' shares of eight pixels a side.
Image CoarseScores(const Image& labels) {
  Image shares(kSide, kSide, kClasses);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      shares(x, y, static_cast<int>(labels(x, y))) = 10.0f;
    }
  }
  return Resize(shares, kSide / 8, kSide / 8, Resampler::kBox);
}

TEST(ShippedScoresModel, PutsEdgesWhereThePictureHasThem) {
  const auto fdkn = CreateFilter("fdkn_scores");
  eval::IouCounts bilinear;
  eval::IouCounts filtered;
  for (int seed = 0; seed < 3; ++seed) {
    Image picture;
    Image labels;
    Draw(seed, picture, labels);
    const Image scores = Resize(CoarseScores(labels), kSide, kSide, Resampler::kBilinear);
    bilinear.Add(scores, labels);
    filtered.Add(FilterScores(picture, scores, *fdkn), labels);
  }
  const double before = bilinear.MeanPercent();
  const double after = filtered.MeanPercent();
  EXPECT_LT(100.0 - after, 0.8 * (100.0 - before)) << before << " " << after;
}

}  // namespace
}  // namespace dkn
