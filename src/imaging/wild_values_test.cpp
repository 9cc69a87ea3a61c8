#include "src/imaging/wild_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <utility>
#include <vector>

#include "src/core/test_images.h"
#include "src/imaging/holes.h"
#include "src/imaging/punch_holes.h"

namespace dkn {
namespace {

using Pixels = std::vector<std::pair<int, int>>;

// A room of 80 x 60 from `low` to `high`, without noise.
Image Slope(float low, float high) {
  Image image(80, 60);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 80; ++x) {
      image(x, y) = low + (high - low) * static_cast<float>(x + y) / 138.0f;
    }
  }
  return image;
}

Image Constant(float value) {
  Image image(80, 60);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

// At corners, at the border and inside; two touch.
const Pixels kTwelve = {{0, 0},   {79, 0},  {0, 59},  {79, 59}, {40, 0},  {79, 30},
                        {11, 17}, {12, 18}, {40, 30}, {55, 8},  {23, 51}, {66, 44}};

void Set(const Pixels& pixels, float value, Image& image) {
  for (const auto& [x, y] : pixels) {
    image(x, y) = value;
  }
}

// The pixels become holes and nothing else changes.
void ExpectWild(const Pixels& pixels, float farthest, Image image) {
  Image expected = Image::Clone(image);
  for (const auto& [x, y] : pixels) {
    for (int c = 0; c < image.channels(); ++c) {
      expected(x, y, c) = kHole;
    }
  }
  const WildValues wild = RemoveWildValues(image);
  EXPECT_EQ(wild.pixels, static_cast<int>(pixels.size()));
  EXPECT_EQ(wild.farthest, farthest);
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (std::isnan(expected.data()[i])) {
      ASSERT_TRUE(std::isnan(image.data()[i])) << i;
    } else {
      ASSERT_EQ(image.data()[i], expected.data()[i]) << i;
    }
  }
}

void ExpectNoneWild(const Image& image) {
  ExpectWild({}, 0.0f, Image::Clone(image));
}

TEST(WildValues, AFewFarFromTheRestBecomeHoles) {
  for (const float value : {65535.0f, -1e6f, 1e10f, -3e38f}) {
    Image image = Slope(500.0f, 8000.0f);
    Set(kTwelve, value, image);
    ExpectWild(kTwelve, value, std::move(image));
  }
  Image metres = Slope(0.5f, 8.0f);
  metres(40, 30) = 1e10f;
  ExpectWild({{40, 30}}, 1e10f, std::move(metres));
}

TEST(WildValues, AboveAndBelowAtOnceInFramesWithHoles) {
  Image image = Slope(0.5f, 8.0f);
  PunchHoles(image, 0.4, 5);
  Set(kTwelve, -9999.0f, image);
  image(3, 30) = 1e6f;
  image(70, 20) = 70.0f;
  image(70, 22) = std::numeric_limits<float>::infinity();  // a hole already
  Pixels wild = kTwelve;
  wild.emplace_back(3, 30);
  wild.emplace_back(70, 20);
  ExpectWild(wild, 1e6f, std::move(image));
}

TEST(WildValues, OneChannelIsEnough) {
  Image image = RandomImage(20, 15, 3, 1.0f, 2.0f, 1);
  image(7, 5, 1) = -500.0f;
  ExpectWild({{7, 5}}, -500.0f, std::move(image));
}

TEST(WildValues, TheGapIsFourTimesTheLargestOfTheRest) {
  for (const auto& [value, wild] : {std::pair{31990.0f, false}, {32010.0f, true}}) {
    Image image = Slope(500.0f, 8000.0f);
    image(40, 30) = value;
    if (wild) {
      ExpectWild({{40, 30}}, value, std::move(image));
    } else {
      ExpectNoneWild(image);
    }
  }
}

TEST(WildValues, MoreThanOnePercentAreNotWild) {
  for (const int count : {48, 49}) {
    Image image = Slope(500.0f, 8000.0f);
    Pixels pixels;
    for (int i = 0; i < count; ++i) {
      pixels.emplace_back(3 * (i % 20), 2 * (i / 20));
    }
    Set(pixels, 65535.0f, image);
    if (count == 48) {
      ExpectWild(pixels, 65535.0f, std::move(image));
    } else {
      ExpectNoneWild(image);
    }
  }
}

// A thing far away that a gap shows, and what lies as far as that, is no error.
TEST(WildValues, GroupsAreThings) {
  Image image = Slope(0.5f, 1.5f);
  const Pixels square = {{30, 20}, {31, 20}, {30, 21}, {31, 21}};
  Set(square, 20.0f, image);
  ExpectWild(square, 20.0f, Image::Clone(image));
  image(32, 22) = 20.0f;  // a fifth, by the corner
  ExpectNoneWild(image);
  image(60, 40) = 70.0f;
  ExpectNoneWild(image);
  image(60, 40) = 90.0f;
  ExpectWild({{60, 40}}, 90.0f, Image::Clone(image));
  image(33, 22) = 1e6f;  // beside the thing, not of it
  ExpectWild({{60, 40}, {33, 22}}, 1e6f, std::move(image));
}

// In large images groups may have a thousandth of the pixels.
TEST(WildValues, GroupsGrowWithTheImage) {
  Image image = RandomImage(160, 120, 1, 1.0f, 5.0f, 2);
  Pixels pixels;
  for (int i = 0; i < 19; ++i) {
    pixels.emplace_back(20 + i, 50);
  }
  Set(pixels, 100.0f, image);
  ExpectWild(pixels, 100.0f, Image::Clone(image));
  image(19, 49) = 100.0f;
  ExpectNoneWild(image);
}

struct Scene {
  const char* name;
  Image (*make)();
};

std::ostream& operator<<(std::ostream& out, const Scene& scene) {
  return out << scene.name;
}

// What is rare and real.
class NoneWild : public testing::TestWithParam<Scene> {};

TEST_P(NoneWild, Is) {
  ExpectNoneWild(GetParam().make());
}

INSTANTIATE_TEST_SUITE_P(
    Scenes, NoneWild,
    testing::Values(Scene{"a wall with noise and a pole of a pixel's width before it",
                          [] {
                            Image image = RandomImage(80, 60, 1, 1985.0f, 2015.0f, 1);
                            for (int y = 20; y < 60; ++y) {
                              image(33, y) = 600.0f;
                            }
                            return image;
                          }},
                    Scene{"one pixel of a pole",
                          [] {
                            Image image = RandomImage(80, 60, 1, 1985.0f, 2015.0f, 1);
                            image(33, 20) = 20.0f;
                            return image;
                          }},
                    Scene{"a far wall behind a table, seen through gaps",
                          [] {
                            Image image = Slope(700.0f, 1500.0f);
                            Set({{10, 10}, {11, 10}, {60, 40}}, 5900.0f, image);
                            return image;
                          }},
                    Scene{"near and far, nothing between",
                          [] {
                            Image image = Constant(500.0f);
                            for (int y = 0; y < 60; ++y) {
                              std::fill_n(image.Row(y), 40, 9000.0f);
                            }
                            return image;
                          }},
                    Scene{"sparse lidar: isolated in space, not in value",
                          [] {
                            Image image = Slope(2.0f, 80.0f);
                            const Image chance = RandomImage(80, 60, 1, 3);
                            for (std::size_t i = 0; i < image.size(); ++i) {
                              image.data()[i] = chance.data()[i] < 0.05f ? image.data()[i] : kHole;
                            }
                            return image;
                          }},
                    Scene{"constant", [] { return Constant(7.0f); }},
                    Scene{"zero", [] { return Image(80, 60); }},
                    Scene{"holes", [] { return MakeHoles(80, 60); }},
                    Scene{"fewer than 100 pixels",
                          [] {
                            Image image = RandomImage(9, 11, 1, 1.0f, 2.0f, 1);
                            image(4, 4) = 65535.0f;
                            return image;
                          }},
                    Scene{"three pixels",
                          [] {
                            Image image = RandomImage(3, 1, 1, 1.0f, 2.0f, 1);
                            image(1, 0) = 65535.0f;
                            return image;
                          }},
                    Scene{"a mask of 0 and 255",
                          [] {
                            Image image(80, 60);
                            Set(kTwelve, 255.0f, image);
                            return image;
                          }},
                    Scene{"a mask of 1 and 255",
                          [] {
                            Image image = Constant(1.0f);
                            Set(kTwelve, 255.0f, image);
                            return image;
                          }},
                    Scene{"scores, of which few are large",
                          [] {
                            Image image = RandomImage(80, 60, 1, 1);
                            for (std::size_t i = 0; i < image.size(); ++i) {
                              image.data()[i] = std::pow(image.data()[i], 20.0f) / 10.0f;
                            }
                            Set(kTwelve, 0.97f, image);
                            return image;
                          }},
                    Scene{"the whole range of floats", [] {
                            constexpr float kMax = std::numeric_limits<float>::max();
                            return RandomImage(80, 60, 1, -kMax / 2.0f, kMax / 2.0f, 1);
                          }}));

}  // namespace
}  // namespace dkn
