#include "src/filters/bilateral.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/filters/bilateral.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#ifndef DKN_SRC_FILTERS_BILATERAL_JOB_
#define DKN_SRC_FILTERS_BILATERAL_JOB_

namespace dkn {

// Images with a frame of `radius` pixels, and readable for kSlack more to the right.
struct BilateralJob {
  int radius;
  int width;
  float color_scale;
  float least;
  const std::vector<float>* gaussian;  // of distances from -radius to radius
  ConstView guide;
  ConstView weight;
  ConstView values;  // times the weight
};
inline constexpr int kBilateralSlack = 64;  // more lanes than any vector has

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_BILATERAL_JOB_

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Row y of the sums of weights, and of weights times three planes of values.
void SumBilateralRow(const BilateralJob& job, int y, const int (&planes)[3], float* weights,
                     float* const (&sums)[3]) {
  const hn::ScalableTag<float> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto color_scale = hn::Set(d, job.color_scale);
  const auto least = hn::Set(d, job.least);
  for (int x = 0; x < job.width; x += lanes) {
    auto sum_weights = hn::Zero(d);
    auto sum0 = hn::Zero(d);
    auto sum1 = hn::Zero(d);
    auto sum2 = hn::Zero(d);
    for (int dy = 0; dy <= 2 * job.radius; ++dy) {
      for (int dx = 0; dx <= 2 * job.radius; ++dx) {
        auto distance = hn::Zero(d);
        for (int c = 0; c < job.guide.channels; ++c) {
          const auto here = hn::LoadU(d, job.guide.Row(y + job.radius, c) + x + job.radius);
          const auto there = hn::LoadU(d, job.guide.Row(y + dy, c) + x + dx);
          const auto step = hn::Sub(here, there);
          distance = hn::MulAdd(step, step, distance);
        }
        const auto similarity = hn::Max(hn::Exp(d, hn::Mul(color_scale, distance)), least);
        const auto gaussian = hn::Set(d, (*job.gaussian)[dy] * (*job.gaussian)[dx]);
        const auto weight = hn::Mul(similarity, gaussian);
        const int at = x + dx;
        sum_weights = hn::MulAdd(weight, hn::LoadU(d, job.weight.Row(y + dy) + at), sum_weights);
        sum0 = hn::MulAdd(weight, hn::LoadU(d, job.values.Row(y + dy, planes[0]) + at), sum0);
        sum1 = hn::MulAdd(weight, hn::LoadU(d, job.values.Row(y + dy, planes[1]) + at), sum1);
        sum2 = hn::MulAdd(weight, hn::LoadU(d, job.values.Row(y + dy, planes[2]) + at), sum2);
      }
    }
    hn::StoreU(sum_weights, d, weights + x);
    hn::StoreU(sum0, d, sums[0] + x);
    hn::StoreU(sum1, d, sums[1] + x);
    hn::StoreU(sum2, d, sums[2] + x);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace dkn {

HWY_EXPORT(SumBilateralRow);

namespace {

// Where pixel i lies of an image that is mirrored at its border, the border's pixels not repeated.
int Mirrored(int i, int size) {
  const int period = std::max(1, 2 * size - 2);
  const int j = ((i % period) + period) % period;
  return j < size ? j : period - j;
}

// value(x, y, c) with the frame that the kernel asks for.
template <typename Value>
Image Framed(int width, int height, int channels, const BilateralKernel& kernel,
             const Value& value) {
  const int radius = kernel.radius;
  Image framed(width + 2 * radius + kBilateralSlack, height + 2 * radius, channels);
  for (int c = 0; c < channels; ++c) {
    ParallelFor(-radius, height + radius, [&](int y) {
      if (!kernel.mirrored && (y < 0 || y >= height)) {
        return;
      }
      float* const row = framed.Row(y + radius, c) + radius;
      const int from_y = Mirrored(y, height);
      for (int x = 0; x < width; ++x) {
        row[x] = value(x, from_y, c);
      }
      for (int x = 1; kernel.mirrored && x <= radius; ++x) {
        row[-x] = row[Mirrored(-x, width)];
        row[width - 1 + x] = row[Mirrored(width - 1 + x, width)];
      }
    });
  }
  return framed;
}

}  // namespace

void FilterBilaterally(const BilateralKernel& kernel, ConstView guide, ConstView values,
                       ConstView mask, const Progress& progress, View out) {
  const int width = values.width;
  const int height = values.height;
  const auto weight = [&](int x, int y) { return mask.empty() ? 1.0f : mask(x, y); };
  const Image framed_guide = Framed(width, height, guide.channels, kernel,
                                    [&](int x, int y, int c) { return guide(x, y, c); });
  const Image framed_weight =
      Framed(width, height, 1, kernel, [&](int x, int y, int) { return weight(x, y); });
  const Image framed_values =
      Framed(width, height, values.channels, kernel,
             [&](int x, int y, int c) { return weight(x, y) * values(x, y, c); });
  std::vector<float> gaussian;
  for (int distance = -kernel.radius; distance <= kernel.radius; ++distance) {
    gaussian.push_back(static_cast<float>(
        std::exp(-0.5 * distance * distance / (kernel.sigma_space * kernel.sigma_space))));
  }
  const auto color_scale = static_cast<float>(-0.5 / (kernel.sigma_color * kernel.sigma_color));
  const BilateralJob job = {kernel.radius, width,        color_scale,   kernel.least,
                            &gaussian,     framed_guide, framed_weight, framed_values};
  ParallelForRows(height, progress, [&](int y) {
    const auto room = static_cast<std::size_t>(width + kBilateralSlack);
    std::vector<float> sums(4 * room);
    float* const weights = sums.data() + 3 * room;
    for (int first = 0; first < values.channels; first += 3) {
      const int last = values.channels - 1;
      HWY_DYNAMIC_DISPATCH(SumBilateralRow)
      (job, y, {first, std::min(first + 1, last), std::min(first + 2, last)}, weights,
       {sums.data(), sums.data() + room, sums.data() + 2 * room});
      for (int c = first; c <= std::min(first + 2, last); ++c) {
        const float* const sum = sums.data() + static_cast<std::size_t>(c - first) * room;
        for (int x = 0; x < width; ++x) {
          out(x, y, c) = weights[x] > 0.0f ? sum[x] / weights[x] : values(x, y, c);
        }
      }
    }
  });
}

}  // namespace dkn

#endif  // HWY_ONCE
