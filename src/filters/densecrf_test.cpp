#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind DenseCrfKind();

namespace {

// Scores of two halves, of `labels` channels, with noise, and a guide that has the halves' edge.
struct Halves {
  Image guide{30, 20, 3};
  Image scores;
};
Halves NoisyHalves(int labels) {
  Halves halves;
  halves.scores = RandomImage(30, 20, labels, 0.0f, 1.0f, 1);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) {
      const bool right = x >= 15;
      halves.guide(x, y, 1) = right ? 0.9f : 0.1f;
      halves.scores(x, y, 0) += right ? 0.6f : 0.0f;
      if (labels > 1) {
        halves.scores(x, y, 1) += right ? 0.0f : 0.6f;
      }
    }
  }
  std::for_each(halves.scores.data(), halves.scores.data() + halves.scores.size(),
                [](float& value) { value = std::min(value / 1.6f, 1.0f); });
  return halves;
}

TEST(DenseCrfTest, LabelsAgreeUpToTheGuidesEdge) {
  for (const int labels : {1, 2, 4}) {
    const Halves halves = NoisyHalves(labels);
    const Image result = ApplyFilter(DenseCrfKind(), {}, {halves.guide, halves.scores});
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 30; ++x) {
        if (x >= 15) {
          EXPECT_GT(result(x, y, 0), 0.5f) << labels << ": " << x << ", " << y;
        } else if (labels > 1) {
          EXPECT_LT(result(x, y, 0), 0.5f) << labels << ": " << x << ", " << y;
        }
      }
    }
  }
}

// Without kernels, and without iterations, there remain the scores, as probabilities.
TEST(DenseCrfTest, NothingAddedGivesTheScores) {
  const Image guide = RandomImage(9, 6, 1, 1);
  const Image scores = RandomImage(9, 6, 3, 0.1f, 1.0f, 2);
  Image expected = Image::Clone(scores);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 9; ++x) {
      const float sum = scores(x, y, 0) + scores(x, y, 1) + scores(x, y, 2);
      for (int c = 0; c < 3; ++c) {
        expected(x, y, c) /= sum;
      }
    }
  }
  for (const FilterSettings& settings :
       {FilterSettings{{"iterations", 0.0}},
        FilterSettings{{"smooth_weight", 0.0}, {"color_weight", 0.0}}}) {
    ExpectNear(ApplyFilter(DenseCrfKind(), settings, {guide, scores}), expected, 1e-5f);
  }
}

// One channel is a label against another whose score is what remains to 1.
TEST(DenseCrfTest, OneChannelIsTheFirstOfTwo) {
  const Image guide = RandomImage(14, 11, 3, 1);
  const Image score = RandomImage(14, 11, 1, 2);
  Image both(14, 11, 2);
  for (std::size_t i = 0; i < score.size(); ++i) {
    both.data()[i] = score.data()[i];
    both.data()[score.size() + i] = 1.0f - score.data()[i];
  }
  const Image result = ApplyFilter(DenseCrfKind(), {}, {guide, both});
  ExpectNear(ApplyFilter(DenseCrfKind(), {}, {guide, score}), result.view().Channel(0), 1e-6f);
}

// One pixel is its own only neighbour: Q = softmax(log p + w Q).
TEST(DenseCrfTest, OnePixelIsItsOwnNeighbour) {
  Image score(1, 1);
  score(0, 0) = 0.6f;
  double q = 0.6;
  for (int i = 0; i < 5; ++i) {
    const double a = 0.6 * std::exp(0.7 * q);
    const double b = 0.4 * std::exp(0.7 * (1.0 - q));
    q = a / (a + b);
  }
  const Image result = ApplyFilter(
      DenseCrfKind(), {{"smooth_weight", 0.3}, {"color_weight", 0.4}, {"iterations", 5.0}},
      {Image(1, 1), score});
  EXPECT_NEAR(result(0, 0), q, 1e-5);
}

// Sure scores, scores of nothing, flat guides, and the ends of the parameters' ranges.
TEST(DenseCrfTest, ExtremesGiveProbabilities) {
  Image guide(12, 9, 3);
  Image scores(12, 9, 3);
  std::fill_n(scores.Row(3, 1), 12, 1.0f);
  Image mask(12, 9);
  for (const float value : {0.0f, 1.0f}) {
    std::fill_n(guide.data(), guide.size(), value);
    guide(5, 5, 1) = 0.5f;
    std::fill_n(mask.data(), mask.size(), value);
    for (const double sigma : {0.1, 1e4}) {
      for (const double weight : {0.0, 1e4}) {
        const Image result = ApplyFilter(DenseCrfKind(),
                                         {{"smooth_sigma", sigma},
                                          {"sigma_space", sigma},
                                          {"sigma_color", sigma < 1.0 ? 1e-3 : 100.0},
                                          {"smooth_weight", weight},
                                          {"color_weight", weight}},
                                         {guide, scores, mask});
        for (int y = 0; y < 9; ++y) {
          for (int x = 0; x < 12; ++x) {
            EXPECT_NEAR(result(x, y, 0) + result(x, y, 1) + result(x, y, 2), 1.0f, 1e-5f);
          }
        }
      }
    }
  }
}

// What holes hold has no say.
TEST(DenseCrfTest, HolesCountForNothing) {
  const Halves halves = NoisyHalves(2);
  const Image mask = RandomMask(30, 20, 5);
  Image other = Image::Clone(halves.scores);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) {
      other(x, y, 0) = mask(x, y) == 0.0f ? 0.99f : other(x, y, 0);
    }
  }
  ExpectNear(ApplyFilter(DenseCrfKind(), {}, {halves.guide, other, mask}),
             ApplyFilter(DenseCrfKind(), {}, {halves.guide, halves.scores, mask}), 0.0f);
}

}  // namespace
}  // namespace dkn
