#include "src/imaging/guided_fill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/test_images.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

float Plane(int x, int y) {
  return 300.0f + 4.0f * static_cast<float>(x) - 7.0f * static_cast<float>(y);
}

Image PlaneImage(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image(x, y) = Plane(x, y);
    }
  }
  return image;
}

void Punch(int x0, int y0, int x1, int y1, Image& image) {
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      image(x, y) = kHole;
    }
  }
}

// Values at random; of every so many pixels the first is a hole.
Image HoledImage(int width, int height, std::size_t every, unsigned seed) {
  Image image = RandomImage(width, height, 1, seed);
  for (std::size_t i = 0; i < image.size(); i += every) {
    image.data()[i] = kHole;
  }
  return image;
}

double Distance(const Image& a, const Image& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::pow(a.data()[i] - b.data()[i], 2);
  }
  return std::sqrt(sum);
}

// What converges slowly: a hole that many pixels of the finest level lie in.
TEST(FillHolesByGuide, ContinuesAPlaneFarAndWide) {
  const Image expected = PlaneImage(400, 300);
  Image image = Image::Clone(expected);
  Punch(40, 40, 320, 260, image);
  FillHolesByGuide(RandomImage(400, 300, 3, 0.45f, 0.55f, 1), image);
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 400; ++x) {
      ASSERT_NEAR(image(x, y), expected(x, y), 60.0f) << x << " " << y;
    }
  }
}

TEST(FillHolesByGuide, ContinuesAPlane) {
  const Image expected = PlaneImage(24, 20);
  Image image = Image::Clone(expected);
  Punch(6, 5, 14, 12, image);
  Image smooth = Image::Clone(image);
  FillHoles(smooth);
  FillHolesByGuide(RandomImage(24, 20, 3, 0.45f, 0.55f, 1), image);
  EXPECT_LT(Distance(image, expected), 0.2 * Distance(smooth, expected));
}

TEST(FillHolesByGuide, GoesAsFarAsTheColourDoes) {
  // A near thing at the left, a far one at the right; the hole lies across their border, nearer to
  // the far one's samples.
  Image guide(24, 16);
  Image expected(24, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 24; ++x) {
      guide(x, y) = x < 14 ? 0.2f : 0.8f;
      expected(x, y) = x < 14 ? 100.0f : 500.0f;
    }
  }
  Image image = Image::Clone(expected);
  Punch(6, 0, 16, 16, image);
  Image smooth = Image::Clone(image);
  FillHoles(smooth);
  FillHolesByGuide(guide, image);
  EXPECT_LT(Distance(image, expected), 0.5 * Distance(smooth, expected));
  EXPECT_EQ(image(5, 3), 100.0f);
  EXPECT_EQ(image(16, 3), 500.0f);
}

// Near things before a wall of nearly their colour, and beside each a hole 8 pixels wide. Of
// squares alone a ramp from the one to the other would be the least, 0.78 off.
TEST(FillHolesByGuide, EndsSurfacesAtFaintEdgesInDepthAndInDisparity) {
  for (const auto& [near, wall] : {std::pair{1.0f, 3.0f}, {3.0f, 1.0f}}) {
    Image image(480, 320);
    Image guide(480, 320);
    for (int y = 0; y < 320; ++y) {
      for (int x = 0; x < 480; ++x) {
        const bool row = y % 50 >= 10 && y % 50 < 40;
        const bool thing = row && x % 60 >= 30 && x % 60 < 54;
        image(x, y) = thing ? near : row && x % 60 >= 22 && x % 60 < 30 ? kHole : wall;
        guide(x, y) = thing ? 0.46f : 0.5f;
      }
    }
    const Image holed = Image::Clone(image);
    FillHolesByGuide(guide, image);
    double error = 0.0;
    int holes = 0;
    for (std::size_t i = 0; i < image.size(); ++i) {
      if (!std::isfinite(holed.data()[i])) {
        error += std::abs(image.data()[i] - wall);
        ++holes;
      }
    }
    EXPECT_LT(error / holes, 0.65) << near;
  }
}

// Half the gradient by each hole of the sum that small differences have, all colours being one.
class DenseSystem {
 public:
  explicit DenseSystem(const Image& image) : image_(image) {
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        if (!std::isfinite(image(x, y))) {
          index_[{x, y}] = static_cast<int>(index_.size());
        }
      }
    }
    const std::size_t count = index_.size();
    rows_.assign(count, std::vector<double>(count + 1));
    for (const auto& [dx, dy] : {std::pair{1, 0}, {0, 1}, {1, 1}, {-1, 1}}) {
      const double closeness = dx != 0 && dy != 0 ? std::sqrt(0.5) : 1.0;
      const double alike = 1.003 * closeness;
      for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
          AddSquare(0.1 * alike, {{x, y, 1.0}, {x + dx, y + dy, -1.0}});
          AddSquare(alike * alike / closeness,
                    {{x, y, 1.0}, {x + dx, y + dy, -2.0}, {x + 2 * dx, y + 2 * dy, 1.0}});
        }
      }
    }
  }

  // By elimination; the system is positive definite.
  double Solve(int x, int y) {
    std::vector<std::vector<double>> rows = rows_;
    const std::size_t count = rows.size();
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) {
        const double factor = rows[j][i] / rows[i][i];
        for (std::size_t k = 0; k <= count && j != i; ++k) {
          rows[j][k] -= factor * rows[i][k];
        }
      }
    }
    const auto i = static_cast<std::size_t>(index_.at({x, y}));
    return rows[i][count] / rows[i][i];
  }

 private:
  struct Term {
    int x;
    int y;
    double factor;
  };

  void AddSquare(double weight, const std::vector<Term>& terms) {
    for (const Term& term : terms) {
      if (term.x < 0 || term.x >= image_.width() || term.y >= image_.height()) {
        return;
      }
    }
    for (const Term& by : terms) {
      const auto row = index_.find({by.x, by.y});
      for (const Term& term : terms) {
        const auto column = index_.find({term.x, term.y});
        const double factor = weight * by.factor * term.factor;
        if (row != index_.end() && column != index_.end()) {
          rows_[row->second][column->second] += factor;
        } else if (row != index_.end()) {
          rows_[row->second].back() -= factor * image_(term.x, term.y);
        }
      }
    }
  }

  const Image& image_;
  std::map<std::pair<int, int>, int> index_;
  std::vector<std::vector<double>> rows_;
};

TEST(FillHolesByGuide, SolvesTheSystemWhereDifferencesAreSmall) {
  Image image = RandomImage(16, 12, 1, 0.0f, 0.03f, 11);
  Punch(3, 3, 8, 8, image);
  image(15, 11) = 1.0f;  // makes them small, and is too far away to count
  DenseSystem dense(image);
  Image filled = Image::Clone(image);
  FillHolesByGuide(Image(16, 12), filled);
  for (int y = 3; y < 8; ++y) {
    for (int x = 3; x < 8; ++x) {
      ASSERT_NEAR(filled(x, y), dense.Solve(x, y), 0.001) << x << " " << y;
    }
  }
}

TEST(FillHolesByGuide, KeepsWhatIsFiniteAndStaysInItsRange) {
  const Image guide = RandomImage(17, 13, 3, 2);
  const Image whole = RandomImage(17, 13, 2, -5.0f, 9.0f, 3);
  Image image = Image::Clone(whole);
  for (std::size_t i = 0; i < image.size(); i += 3) {
    image.data()[i] = i % 2 == 0 ? kHole : std::numeric_limits<float>::infinity();
  }
  FillHolesByGuide(guide, image);
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (i % 3 != 0) {
      ASSERT_EQ(image.data()[i], whole.data()[i]);
    }
    ASSERT_GE(image.data()[i], -5.0f);
    ASSERT_LE(image.data()[i], 9.0f);
  }
}

TEST(FillHolesByGuide, FillsAnySizeFromOneValue) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 1}, {1, 7}, {9, 5}}) {
    Image image(width, height);
    Punch(0, 0, width, height, image);
    image(width - 1, 0) = 4.5f;
    FillHolesByGuide(RandomImage(width, height, 1, 4), image);
    for (std::size_t i = 0; i < image.size(); ++i) {
      ASSERT_FLOAT_EQ(image.data()[i], 4.5f);
    }
  }
}

TEST(FillHolesByGuide, IsTheSameForAnyRange) {
  const Image guide = RandomImage(31, 22, 3, 5);
  Image image = HoledImage(31, 22, 2, 6);
  Image far = Image::Clone(image);
  const auto away = [](float value) { return 16384.0f + 4.0f * value; };
  std::transform(far.data(), far.data() + far.size(), far.data(), away);
  FillHolesByGuide(guide, image);
  FillHolesByGuide(guide, far);
  for (std::size_t i = 0; i < image.size(); ++i) {
    ASSERT_NEAR(far.data()[i], away(image.data()[i]), 0.005f);
  }
  Image large(8, 8);
  large(0, 0) = std::numeric_limits<float>::max();
  large(7, 7) = -std::numeric_limits<float>::max();
  Punch(1, 1, 7, 7, large);
  FillHolesByGuide(RandomImage(8, 8, 1, 7), large);
  EXPECT_FALSE(HasHoles(large));
}

TEST(FillHolesByGuide, GivesTheSameBitsForAnyNumberOfThreads) {
  const Image guide = RandomImage(211, 190, 1, 8);
  Image image = HoledImage(211, 190, 3, 9);
  Image other = Image::Clone(image);
  FillHolesByGuide(guide, image);
  {
    const ThreadCount three(3);
    FillHolesByGuide(guide, other);
  }
  EXPECT_TRUE(std::equal(image.data(), image.data() + image.size(), other.data()));
}

TEST(FillHolesByGuide, RefusesOtherSizesAndImagesWithoutValues) {
  Image image(4, 3);
  EXPECT_THAT([&] { FillHolesByGuide(Image(3, 4), image); },
              ThrowsMessage<Error>(HasSubstr("3 x 4, expected the image's size, 4 x 3")));
  Punch(0, 0, 4, 3, image);
  EXPECT_THROW(FillHolesByGuide(Image(4, 3), image), Error);
}

}  // namespace
}  // namespace dkn
