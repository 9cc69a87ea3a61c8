#ifndef DKN_SRC_FILTERS_TEST_FILTERS_H_
#define DKN_SRC_FILTERS_TEST_FILTERS_H_

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/core/random_image.h"
#include "src/filters/filter_kind.h"

// What tests of classical filters share.
namespace dkn {

inline Image ApplyFilter(const FilterKind& kind, const FilterSettings& settings,
                         const FilterInput& input) {
  FilterOutput output;
  MakeFilter(kind, settings)->Apply(input, output);
  return std::move(output.image);
}

// A random mask of zeros and ones.
inline Image RandomMask(int width, int height, unsigned seed) {
  Image mask = RandomImage(width, height, 1, seed);
  for (std::size_t i = 0; i < mask.size(); ++i) {
    mask.data()[i] = mask.data()[i] < 0.5f ? 0.0f : 1.0f;
  }
  return mask;
}

// Solves m x = b by Gauss-Jordan elimination with pivots; b holds the solution.
inline void SolveDensely(std::vector<std::vector<double>> m, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < n; ++i) {
      pivot = std::abs(m[i][k]) > std::abs(m[pivot][k]) ? i : pivot;
    }
    std::swap(m[k], m[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = 0; i < n; ++i) {
      const double ratio = i == k ? 0.0 : m[i][k] / m[k][k];
      for (std::size_t j = k; j < n; ++j) {
        m[i][j] -= ratio * m[k][j];
      }
      b[i] -= ratio * b[k];
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    b[k] /= m[k][k];
  }
}

// A linear system over the pixels of an image, filled term by term.
class DenseSystem {
 public:
  explicit DenseSystem(ConstView image)
      : width_(image.width),
        size_(static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height)),
        matrix_(size_, std::vector<double>(size_)),
        right_(size_) {}

  // weight * (u(x, y) - value)^2 of the energy.
  void AddData(int x, int y, double weight, double value) {
    matrix_[At(x, y)][At(x, y)] += weight;
    right_[At(x, y)] += weight * value;
  }
  // weight * (u(x, y) - u(i, j))^2 of the energy.
  void AddEdge(int x, int y, int i, int j, double weight) {
    matrix_[At(x, y)][At(x, y)] += weight;
    matrix_[At(i, j)][At(i, j)] += weight;
    matrix_[At(x, y)][At(i, j)] -= weight;
    matrix_[At(i, j)][At(x, y)] -= weight;
  }
  // The u of least energy.
  Image Solve() const {
    std::vector<double> u = right_;
    SolveDensely(matrix_, u);
    Image image(width_, static_cast<int>(size_) / width_);
    for (std::size_t i = 0; i < size_; ++i) {
      image.data()[i] = static_cast<float>(u[i]);
    }
    return image;
  }

 private:
  std::size_t At(int x, int y) const { return static_cast<std::size_t>(y * width_ + x); }

  int width_;
  std::size_t size_;
  std::vector<std::vector<double>> matrix_;
  std::vector<double> right_;
};

// The squared difference of two pixels' colours.
inline double ColorDistance(ConstView image, int x, int y, int i, int j) {
  double sum = 0.0;
  for (int c = 0; c < image.channels; ++c) {
    sum += std::pow(static_cast<double>(image(x, y, c)) - image(i, j, c), 2.0);
  }
  return sum;
}

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_TEST_FILTERS_H_
