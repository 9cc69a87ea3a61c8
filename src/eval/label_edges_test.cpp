#include "src/eval/label_edges.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace dkn::eval {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// As the header defines it.
bool IsNearEdge(ConstView labels, int x, int y, int band) {
  for (int v = 0; v < labels.height; ++v) {
    for (int u = 0; u < labels.width; ++u) {
      if (std::abs(u - x) <= band && std::abs(v - y) <= band && std::isfinite(labels(u, v)) &&
          std::isfinite(labels(x, y)) && labels(u, v) != labels(x, y)) {
        return true;
      }
    }
  }
  return false;
}

TEST(LabelsNearEdges, AreThoseThatTheDefinitionFinds) {
  std::mt19937 random(1);
  for (const auto& [width, height] : {std::pair{23, 17}, {1, 30}, {30, 1}, {2, 2}, {1, 1}}) {
    for (const int band : {1, 2, 4, 8, kMaxBand}) {
      Image labels(width, height);
      for (std::size_t i = 0; i < labels.size(); ++i) {
        // Mostly one label, so that some pixels are far from all edges.
        const auto dice = random() % 40;
        labels.data()[i] = dice == 0 ? 7.0f : dice == 1 ? 0.0f : dice < 6 ? kUnknown : 3.0f;
      }
      const Image near = LabelsNearEdges(labels, band);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          if (IsNearEdge(labels, x, y, band)) {
            EXPECT_EQ(near(x, y), labels(x, y)) << x << " " << y << " band " << band;
          } else {
            EXPECT_TRUE(std::isnan(near(x, y))) << x << " " << y << " band " << band;
          }
        }
      }
    }
  }
}

TEST(LabelsNearEdges, ReachAsFarAsTheBandAndNoFarther) {
  Image labels(20, 20);
  labels(10, 10) = 1.0f;
  const Image near = LabelsNearEdges(labels, 4);
  EXPECT_EQ(near(10, 10), 1.0f);
  EXPECT_EQ(near(14, 14), 0.0f);  // the window is square
  EXPECT_EQ(near(6, 10), 0.0f);
  EXPECT_TRUE(std::isnan(near(15, 10)));
  EXPECT_TRUE(std::isnan(near(10, 5)));
}

TEST(LabelsNearEdges, WhatIsUnknownMakesNoEdge) {
  Image labels(9, 1);
  labels(4, 0) = kUnknown;
  const Image none = LabelsNearEdges(labels, 2);
  for (int x = 0; x < 9; ++x) {
    EXPECT_TRUE(std::isnan(none(x, 0))) << x;
  }
  for (int x = 5; x < 9; ++x) {
    labels(x, 0) = 1.0f;
  }
  const Image across = LabelsNearEdges(labels, 2);  // its width counts
  EXPECT_EQ(across(3, 0), 0.0f);
  EXPECT_TRUE(std::isnan(across(4, 0)));
  EXPECT_EQ(across(5, 0), 1.0f);
  EXPECT_TRUE(std::isnan(across(2, 0)));
}

}  // namespace
}  // namespace dkn::eval
