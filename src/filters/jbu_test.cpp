#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "src/core/test_images.h"
#include "src/filters/measured_values.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind JbuKind();

namespace {

// The formula, pixel by pixel; `colors` are the guide's at the samples.
Image Reference(ConstView guide, const MeasuredSamples& samples, const Image& colors, int radius,
                double sigma_space, double sigma_color) {
  Image out(guide.width, guide.height);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      const double px = (x - samples.first_x) / samples.step_x;
      const double py = (y - samples.first_y) / samples.step_y;
      double sum = 0.0;
      double weights = 0.0;
      for (int j = 0; j < colors.height(); ++j) {
        for (int i = 0; i < colors.width(); ++i) {
          if (std::abs(i - std::round(px)) > radius || std::abs(j - std::round(py)) > radius ||
              (!samples.measured.empty() && samples.measured(i, j) == 0.0f)) {
            continue;
          }
          double color = 0.0;
          for (int c = 0; c < guide.channels; ++c) {
            color += std::pow(guide(x, y, c) - colors(i, j, c), 2.0);
          }
          const double space = std::pow(px - i, 2.0) + std::pow(py - j, 2.0);
          const double weight = std::exp(-0.5 * space / (sigma_space * sigma_space) -
                                         0.5 * color / (sigma_color * sigma_color));
          sum += weight * samples.values(i, j);
          weights += weight;
        }
      }
      out(x, y) = static_cast<float>(sum / weights);
    }
  }
  return out;
}

MeasuredSamples Samples(const Image& values, const Image& measured, ConstView guide) {
  MeasuredSamples samples{values, measured};
  samples.step_x = static_cast<float>(guide.width) / static_cast<float>(values.width());
  samples.step_y = static_cast<float>(guide.height) / static_cast<float>(values.height());
  samples.first_x = 0.5f * samples.step_x - 0.5f;
  samples.first_y = 0.5f * samples.step_y - 0.5f;
  return samples;
}

TEST(JbuTest, AgreesWithItsDefinition) {
  for (const int channels : {1, 3}) {
    const Image guide = RandomImage(22, 18, channels, 1);
    const Image target = RandomImage(22, 18, 1, 2);
    const Image values = RandomImage(6, 5, 1, 3);
    for (const bool holes : {false, true}) {
      Image measured = holes ? RandomMask(6, 5, 4) : Image();
      const MeasuredSamples samples = Samples(values, measured, guide);
      const Image colors = GuideAtSamples(guide, samples);
      for (const auto& [radius, space, color] : {std::tuple{5, 1.0, 0.2}, {5, 0.5, 1.0}}) {
        ExpectNear(ApplyFilter(JbuKind(),
                               {{"radius", radius}, {"sigma_space", space}, {"sigma_color", color}},
                               {guide, target, {}, samples}),
                   Reference(guide, samples, colors, radius, space, color), 1e-4f);
      }
    }
  }
}

TEST(JbuTest, LooksNoFartherThanItsRadius) {
  const Image guide(40, 40, 1);
  const Image target(40, 40);
  Image values(10, 10);
  values(5, 5) = 1.0f;
  const MeasuredSamples samples = Samples(values, Image(), guide);
  for (const int radius : {0, 1, 2}) {
    const Image result = ApplyFilter(JbuKind(), {{"radius", radius}}, {guide, target, {}, samples});
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 40; ++x) {
        const bool near = std::abs(x / 4 - 5) <= radius && std::abs(y / 4 - 5) <= radius;
        ASSERT_EQ(result(x, y) > 0.0f, near) << x << " " << y << " radius " << radius;
      }
    }
  }
}

// Where a window has no measured sample the interpolated target stays.
TEST(JbuTest, LeavesTheTargetWhereNothingIsMeasured) {
  const Image guide = RandomImage(16, 12, 3, 1);
  const Image target = RandomImage(16, 12, 2, 2);
  const Image values = RandomImage(4, 3, 2, 3);
  const Image none(4, 3);
  ExpectNear(ApplyFilter(JbuKind(), {}, {guide, target, {}, Samples(values, none, guide)}), target,
             0.0f);
}

// A step of the guide within a sample's cell becomes the result's.
TEST(JbuTest, BringsBackTheGuidesEdges) {
  Image guide(32, 16);
  Image truth(32, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 16; x < 32; ++x) {
      guide(x, y) = truth(x, y) = 1.0f;
    }
  }
  Image values(8, 4);
  for (int j = 0; j < 4; ++j) {
    std::fill_n(values.Row(j) + 4, 4, 1.0f);
  }
  const Image target = Image::Clone(guide);
  ExpectNear(ApplyFilter(JbuKind(), {}, {guide, target, {}, Samples(values, Image(), guide)}),
             truth, 1e-5f);
}

TEST(MeasuredValuesTest, TheGuideAtSamplesIsTheMeanOfTheirCells) {
  const Image guide = RandomImage(12, 9, 2, 1);
  const Image values(4, 3);
  const Image colors = GuideAtSamples(guide, Samples(values, Image(), guide));
  double sum = 0.0;
  for (int y = 3; y < 6; ++y) {
    for (int x = 6; x < 9; ++x) {
      sum += guide(x, y, 1) / 9.0;
    }
  }
  EXPECT_NEAR(colors(2, 1, 1), sum, 1e-6);
  // Of the guide's own pixels, and of samples nearer than those, each the nearest.
  const Image as_large(12, 9);
  ExpectNear(GuideAtSamples(guide, Samples(as_large, Image(), guide)), guide, 0.0f);
  const Image larger(24, 9);
  const Image doubled = GuideAtSamples(guide, Samples(larger, Image(), guide));
  EXPECT_EQ(doubled(0, 0), guide(0, 0));
  EXPECT_EQ(doubled(23, 8), guide(11, 8));
}

TEST(MeasuredValuesTest, SamplesAreSharedByThePixelsAroundThem) {
  const Image target = RandomImage(8, 8, 2, 1);
  const Image values = RandomImage(2, 2, 2, 2);
  Image measured(2, 2);
  measured(1, 0) = 1.0f;
  const PixelMeasurements pixels =
      MeasurementsOnPixels({target, target, {}, Samples(values, measured, target)});
  double weights = 0.0;
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      const bool there = (x == 5 || x == 6) && (y == 1 || y == 2);
      EXPECT_EQ(pixels.weight(x, y), there ? 0.25f : 0.0f);
      for (int c = 0; c < 2; ++c) {
        EXPECT_FLOAT_EQ(pixels.values(x, y, c), there ? values(1, 0, c) : target(x, y, c));
      }
      weights += pixels.weight(x, y);
    }
  }
  EXPECT_EQ(weights, 1.0);
}

TEST(MeasuredValuesTest, WithoutAnyMeasurementTheTargetIsOne) {
  const Image target = RandomImage(6, 4, 1, 1);
  const Image values = RandomImage(3, 2, 1, 2);
  const Image none(3, 2);
  const Image no_pixel(6, 4);
  for (const PixelMeasurements& pixels :
       {MeasurementsOnPixels({target, target, {}, Samples(values, none, target)}),
        MeasurementsOnPixels({target, target, no_pixel}), MeasurementsOnPixels({target, target})}) {
    ExpectNear(pixels.values, target, 0.0f);
    EXPECT_EQ(std::count(pixels.weight.data(), pixels.weight.data() + 24, 1.0f), 24);
  }
}

}  // namespace
}  // namespace dkn
