#include "src/filters/fgs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind FgsKind();

namespace {

// Solves the rows of one channel, or its columns, each as a system of its own.
void SolveLine(ConstView guide, double lambda, double sigma, bool rows, Image& u) {
  const int count = rows ? u.height() : u.width();
  const int length = rows ? u.width() : u.height();
  for (int line = 0; line < count; ++line) {
    const auto n = static_cast<std::size_t>(length);
    std::vector<std::vector<double>> matrix(n, std::vector<double>(n));
    std::vector<double> right(n);
    const auto at = [&](std::size_t i) {
      const int place = static_cast<int>(i);
      return rows ? std::pair{place, line} : std::pair{line, place};
    };
    for (std::size_t i = 0; i < n; ++i) {
      const auto [x, y] = at(i);
      matrix[i][i] += 1.0;
      right[i] = u(x, y);
      if (i + 1 < n) {
        const auto [next_x, next_y] = at(i + 1);
        const double w =
            lambda * std::exp(-std::sqrt(ColorDistance(guide, x, y, next_x, next_y)) / sigma);
        matrix[i][i] += w;
        matrix[i + 1][i + 1] += w;
        matrix[i][i + 1] -= w;
        matrix[i + 1][i] -= w;
      }
    }
    SolveDensely(matrix, right);
    for (std::size_t i = 0; i < n; ++i) {
      const auto [x, y] = at(i);
      u(x, y) = static_cast<float>(right[i]);
    }
  }
}

Image Reference(ConstView guide, ConstView target, double lambda, double sigma, int iterations) {
  Image u = Image::Clone(target);
  for (int t = 1; t <= iterations; ++t) {
    const double strength =
        1.5 * std::pow(4.0, iterations - t) / (std::pow(4.0, iterations) - 1.0) * lambda;
    SolveLine(guide, strength, sigma, true, u);
    SolveLine(guide, strength, sigma, false, u);
  }
  return u;
}

// Floats lose digits where lambda is large.
TEST(FgsTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 7}, {9, 1}, {13, 9}, {34, 4}, {3, 35}}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, height, channels, 1);
      const Image target = RandomImage(width, height, 1, 2);
      for (const auto& [lambda, sigma, iterations] :
           {std::tuple{0.0, 0.1, 3}, {30.0, 0.5, 3}, {900.0, 0.1, 1}, {1e4, 1.0, 5}}) {
        ExpectNear(
            ApplyFilter(FgsKind(),
                        {{"lambda", lambda}, {"sigma_color", sigma}, {"iterations", iterations}},
                        {guide, target}),
            Reference(guide, target, lambda, sigma, iterations), 1e-4f);
      }
    }
  }
}

// The quotient of two smoothings, so that what a hole holds has no say.
TEST(FgsTest, HolesCountForNothing) {
  const Image guide = RandomImage(20, 15, 3, 1);
  const Image mask = RandomMask(20, 15, 2);
  Image target = RandomImage(20, 15, 1, 3);
  Image masked = Image::Clone(target);
  for (std::size_t i = 0; i < target.size(); ++i) {
    masked.data()[i] *= mask.data()[i];
  }
  Image expected = Reference(guide, masked, 100.0, 0.5, 3);
  const Image weights = Reference(guide, mask, 100.0, 0.5, 3);
  for (std::size_t i = 0; i < target.size(); ++i) {
    expected.data()[i] /= weights.data()[i];
  }
  ExpectNear(
      ApplyFilter(FgsKind(), {{"lambda", 100.0}, {"sigma_color", 0.5}}, {guide, target, mask}),
      expected, 2e-5f);
}

TEST(FgsTest, ThreadsChangeNoBit) {
  const Image guide = RandomImage(150, 130, 3, 1);
  const Image target = RandomImage(150, 130, 2, 2);
  SetThreads(1);
  const Image expected = ApplyFilter(FgsKind(), {}, {guide, target});
  for (const int threads : {2, 3}) {
    SetThreads(threads);
    ExpectNear(ApplyFilter(FgsKind(), {}, {guide, target}), expected, 0.0f);
  }
  SetThreads(0);
}

}  // namespace
}  // namespace dkn
