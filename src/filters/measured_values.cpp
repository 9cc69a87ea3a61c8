#include "src/filters/measured_values.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace dkn {
namespace {

// The pixels of [0, size) in the cell of each of `count` samples along an axis, at least one.
std::vector<std::pair<int, int>> Cells(float first, float step, int count, int size) {
  std::vector<std::pair<int, int>> cells;
  for (int i = 0; i < count; ++i) {
    const auto edge = [&](double at) {
      return static_cast<int>(std::clamp(std::ceil(first + step * at), 0.0, size - 1.0));
    };
    const int begin = edge(i - 0.5);
    // The right edge is the next cell's.
    const double last = std::ceil(first + step * (i + 0.5));
    const int end = static_cast<int>(std::clamp(last, begin + 1.0, static_cast<double>(size)));
    cells.emplace_back(begin, end);
  }
  return cells;
}

// Shares a sample at `position` between two pixels.
struct Shares {
  int pixel[2];
  float weight[2];
};
Shares SharesAt(float position, int size) {
  const float inside = std::clamp(position, 0.0f, static_cast<float>(size - 1));
  const int left = std::min(static_cast<int>(inside), std::max(size - 2, 0));
  const float right_weight = inside - static_cast<float>(left);
  return {{left, std::min(left + 1, size - 1)}, {1.0f - right_weight, right_weight}};
}

// Adds the samples to the pixels around them.
void AddSamples(const MeasuredSamples& samples, PixelMeasurements& sums) {
  const ConstView values = samples.values;
  for (int j = 0; j < values.height; ++j) {
    const Shares rows = SharesAt(samples.first_y + samples.step_y * j, sums.weight.height());
    for (int i = 0; i < values.width; ++i) {
      if (!samples.measured.empty() && samples.measured(i, j) == 0.0f) {
        continue;
      }
      const Shares columns = SharesAt(samples.first_x + samples.step_x * i, sums.weight.width());
      for (int corner = 0; corner < 4; ++corner) {
        const int x = columns.pixel[corner % 2];
        const int y = rows.pixel[corner / 2];
        const float weight = columns.weight[corner % 2] * rows.weight[corner / 2];
        sums.weight(x, y) += weight;
        for (int c = 0; c < values.channels; ++c) {
          sums.values(x, y, c) += weight * values(i, j, c);
        }
      }
    }
  }
}

}  // namespace

MeasuredSamples SamplesOf(const FilterInput& input) {
  return input.samples.values.empty() ? MeasuredSamples{input.target, input.mask} : input.samples;
}

Image MeasuredShare(const FilterInput& input) {
  Image share(input.target.width, input.target.height);
  if (input.mask.empty()) {
    std::fill_n(share.data(), share.size(), 1.0f);
  } else {
    Copy(input.mask, share);
  }
  return share;
}

Image GuideAtSamples(ConstView guide, const MeasuredSamples& samples) {
  Image at_samples(samples.values.width, samples.values.height, guide.channels);
  const auto columns = Cells(samples.first_x, samples.step_x, at_samples.width(), guide.width);
  const auto rows = Cells(samples.first_y, samples.step_y, at_samples.height(), guide.height);
  for (int c = 0; c < guide.channels; ++c) {
    for (int j = 0; j < at_samples.height(); ++j) {
      for (int i = 0; i < at_samples.width(); ++i) {
        double sum = 0.0;
        for (int y = rows[j].first; y < rows[j].second; ++y) {
          for (int x = columns[i].first; x < columns[i].second; ++x) {
            sum += guide(x, y, c);
          }
        }
        const int pixels =
            (rows[j].second - rows[j].first) * (columns[i].second - columns[i].first);
        at_samples(i, j, c) = static_cast<float>(sum / pixels);
      }
    }
  }
  return at_samples;
}

PixelMeasurements MeasurementsOnPixels(const FilterInput& input) {
  const ConstView target = input.target;
  if (input.samples.values.empty()) {
    PixelMeasurements pixels{Image::Clone(target), MeasuredShare(input)};
    float* const weight = pixels.weight.data();
    if (std::all_of(weight, weight + pixels.weight.size(), [](float w) { return w == 0.0f; })) {
      std::fill_n(weight, pixels.weight.size(), 1.0f);
    }
    return pixels;
  }
  PixelMeasurements pixels{Image(target.width, target.height, target.channels),
                           Image(target.width, target.height)};
  AddSamples(input.samples, pixels);
  bool any = false;
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const float weight = pixels.weight(x, y);
      any = any || weight > 0.0f;
      for (int c = 0; c < target.channels; ++c) {
        float& value = pixels.values(x, y, c);
        value = weight > 0.0f ? value / weight : target(x, y, c);
      }
    }
  }
  if (!any) {
    std::fill_n(pixels.weight.data(), pixels.weight.size(), 1.0f);
  }
  return pixels;
}

}  // namespace dkn
