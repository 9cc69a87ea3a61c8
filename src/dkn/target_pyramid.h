#ifndef DKN_SRC_DKN_TARGET_PYRAMID_H_
#define DKN_SRC_DKN_TARGET_PYRAMID_H_

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "dkn/image.h"
#include "src/core/parallel_for.h"

namespace dkn {

// What a filled pixel weighs in an average, where a measured one weighs 1: little beside any
// measurement, and all where there is none.
inline constexpr float kFilledWeight = 1.0f / 256.0f;

// The target and its averages: a pixel of level l is the weighted mean of 2^l x 2^l pixels of the
// target; those beyond the right and lower border are the nearest of the level before. Pixels of
// the target weigh what is measured of them, at least kFilledWeight. The pixel (i, j) of level l
// has its centre at (i + 0.5) 2^l - 0.5 and so on in pixels of the target.
template <typename T>
class TargetPyramid {
 public:
  TargetPyramid() = default;
  // Copies would view the levels of what they were copied from.
  TargetPyramid(const TargetPyramid&) = delete;
  TargetPyramid& operator=(const TargetPyramid&) = delete;
  TargetPyramid(TargetPyramid&&) = default;
  TargetPyramid& operator=(TargetPyramid&&) = default;
  // The target alone.
  template <typename Source>
  requires std::is_convertible_v<const Source&, BasicView<const T>> TargetPyramid(
      const Source& target)  // NOLINT: implicit on purpose, as an image is a pyramid
      : levels_{target}, shares_{BasicView<const T>()} {}
  TargetPyramid(const BasicView<const T>& target, const BasicView<const T>& mask, int levels) {
    Build(target, mask, levels);
  }

  // Of one channel each; an empty mask: all is measured. Memory is kept for the next. The target's
  // view must remain valid. The same bits for any number of threads.
  void Build(const BasicView<const T>& target, const BasicView<const T>& mask, int levels) {
    levels_.assign(1, target);
    shares_.assign(1, mask);
    values_.resize(static_cast<std::size_t>(levels) - 1);
    weights_.resize(values_.size());
    for (std::size_t level = 0; level < values_.size(); ++level) {
      const BasicView<const T> finer = levels_.back();
      const BasicView<const T> finer_weights = shares_.back();
      const int width = (finer.width + 1) / 2;
      const int height = (finer.height + 1) / 2;
      values_[level].resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
      weights_[level].resize(mask.empty() ? 0 : values_[level].size());
      ParallelFor(0, height, [&](int y) {
        const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(y) * width;
        if (mask.empty()) {
          AverageRow(finer, y, width, values_[level].data() + first);
        } else {
          HalveRow(finer, finer_weights, y, width, values_[level].data() + first,
                   weights_[level].data() + first);
        }
      });
      levels_.push_back(Plane(values_[level], width, height));
      shares_.push_back(mask.empty() ? mask : Plane(weights_[level], width, height));
    }
  }

  const BasicView<const T>& operator[](int level) const { return levels_[level]; }
  // How much of each pixel of a level is measured, at least kFilledWeight; empty: all is.
  const BasicView<const T>& Shares(int level) const { return shares_[level]; }
  const BasicView<const T>& target() const { return levels_.front(); }

 private:
  static BasicView<const T> Plane(const std::vector<T>& values, int width, int height) {
    return {values.data(), width, height, 1, width, static_cast<std::ptrdiff_t>(values.size())};
  }

  static void HalveRow(const BasicView<const T>& finer, const BasicView<const T>& finer_weights,
                       int y, int width, T* values, T* weights) {
    const int rows[] = {2 * y, std::min(2 * y + 1, finer.height - 1)};
    for (int x = 0; x < width; ++x) {
      const int columns[] = {2 * x, std::min(2 * x + 1, finer.width - 1)};
      T sum = 0;
      T weight_sum = 0;
      for (const int row : rows) {
        for (const int column : columns) {
          const T weight = std::max(finer_weights(column, row), T(kFilledWeight));
          sum += weight * finer(column, row);
          weight_sum += weight;
        }
      }
      values[x] = sum / weight_sum;
      weights[x] = weight_sum / T(4);
    }
  }
  static void AverageRow(const BasicView<const T>& finer, int y, int width, T* values) {
    const T* upper = finer.Row(2 * y);
    const T* lower = finer.Row(std::min(2 * y + 1, finer.height - 1));
    for (int x = 0; x < width; ++x) {
      const int right = std::min(2 * x + 1, finer.width - 1);
      values[x] = ((upper[2 * x] + upper[right]) + (lower[2 * x] + lower[right])) / T(4);
    }
  }

  std::vector<BasicView<const T>> levels_;
  std::vector<BasicView<const T>> shares_;
  std::vector<std::vector<T>> values_;   // of the levels but the first
  std::vector<std::vector<T>> weights_;  // means over their pixels; none without a mask
};

// What kernels sample: an image or a tile of one.
struct SampledTarget {
  template <typename Source>
  requires std::is_convertible_v<const Source&, ConstView> SampledTarget(const Source& image)
      : values(image) {}  // NOLINT: implicit on purpose, as above
  SampledTarget(ConstView tile, const TargetPyramid<float>* levels, int tile_x, int tile_y)
      : values(tile), pyramid(levels), x(tile_x), y(tile_y) {}

  ConstView values;  // the tile
  // Of the whole image, in which the tile begins at (x, y); null: no coarser levels.
  const TargetPyramid<float>* pyramid = nullptr;
  int x = 0;
  int y = 0;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_TARGET_PYRAMID_H_
