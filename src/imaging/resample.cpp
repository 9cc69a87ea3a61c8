#include "dkn/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/named_values.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

constexpr NamedValue<Resampler> kResamplers[] = {{"nearest", Resampler::kNearest},
                                                 {"box", Resampler::kBox},
                                                 {"bilinear", Resampler::kBilinear},
                                                 {"bicubic", Resampler::kBicubic},
                                                 {"lanczos", Resampler::kLanczos}};

// Rows of the horizontal pass that are filtered side by side, one in each vector lane.
constexpr int kLanes = 16;

double Sinc(double x) {
  return x == 0.0 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

// Half the width of the filter, in pixels of the coarser grid.
double Support(Resampler resampler) {
  switch (resampler) {
    case Resampler::kBox:
      return 0.5;
    case Resampler::kBilinear:
      return 1.0;
    case Resampler::kBicubic:
      return 2.0;
    default:
      return 3.0;
  }
}

// The filter's value at a distance of x pixels of the coarser grid, not normalised.
double FilterValue(Resampler resampler, double x) {
  constexpr double a = -0.5;
  const double r = std::abs(x);
  switch (resampler) {
    case Resampler::kBox:
      return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
    case Resampler::kBilinear:
      return std::max(0.0, 1.0 - r);
    case Resampler::kBicubic:  // Keys, IEEE ASSP 1981
      if (r < 1.0) {
        return ((a + 2.0) * r - (a + 3.0)) * r * r + 1.0;
      }
      return r < 2.0 ? (((r - 5.0) * r + 8.0) * r - 4.0) * a : 0.0;
    default:
      return r < 3.0 ? Sinc(x) * Sinc(x / 3.0) : 0.0;
  }
}

// The weights of one axis: output i is the sum over t < count[i] of weight[i * taps + t] times
// input first[i] + t.
struct AxisFilter {
  int taps = 0;
  std::vector<int> first;
  std::vector<int> count;
  std::vector<float> weight;
};

// The window's limits are Pillow's: both rounded to nearest, the upper one exclusive.
AxisFilter MakeAxisFilter(int in, int out, Resampler resampler) {
  const double scale = static_cast<double>(in) / out;
  const double stretch = std::max(1.0, scale);
  const double support = Support(resampler) * stretch;
  AxisFilter axis;
  axis.taps = static_cast<int>(std::min<double>(in, 2.0 * std::ceil(support) + 1.0));
  axis.first.resize(static_cast<std::size_t>(out));
  axis.count.resize(static_cast<std::size_t>(out));
  axis.weight.resize(static_cast<std::size_t>(out) * static_cast<std::size_t>(axis.taps));
  std::vector<double> values(static_cast<std::size_t>(axis.taps));
  for (int i = 0; i < out; ++i) {
    const double center = (i + 0.5) * scale;
    const int begin = static_cast<int>(std::max(0.0, center - support + 0.5));
    const int end = static_cast<int>(std::min<double>(in, center + support + 0.5));
    double sum = 0.0;
    for (int t = 0; t < end - begin; ++t) {
      values[t] = FilterValue(resampler, (begin + t - center + 0.5) / stretch);
      sum += values[t];
    }
    axis.first[i] = begin;
    axis.count[i] = end - begin;
    float* weight = &axis.weight[static_cast<std::size_t>(i) * axis.taps];
    for (int t = 0; t < end - begin; ++t) {
      weight[t] = static_cast<float>(values[t] / sum);
    }
  }
  return axis;
}

// Filters kLanes rows at a time (the last of `source` repeated where fewer are left): they are
// transposed first, so that the inner loop has neither a gather nor a horizontal sum.
void FilterRows(ConstView source, const AxisFilter& axis, View out) {
  const int blocks = (source.height + kLanes - 1) / kLanes;
  ParallelFor(0, blocks * source.channels, [&](int index) {
    const int channel = index / blocks;
    const int y0 = index % blocks * kLanes;
    const int rows = std::min(kLanes, source.height - y0);
    std::vector<float> lanes(static_cast<std::size_t>(source.width) * kLanes);
    for (int l = 0; l < kLanes; ++l) {
      const float* row = source.Row(y0 + std::min(l, rows - 1), channel);
      for (int x = 0; x < source.width; ++x) {
        lanes[static_cast<std::size_t>(x) * kLanes + l] = row[x];
      }
    }
    for (int x = 0; x < out.width; ++x) {
      const float* weight = &axis.weight[static_cast<std::size_t>(x) * axis.taps];
      const float* in = &lanes[static_cast<std::size_t>(axis.first[x]) * kLanes];
      std::array<float, kLanes> sum{};
      for (int t = 0; t < axis.count[x]; ++t, in += kLanes) {
        for (int l = 0; l < kLanes; ++l) {
          sum[l] += weight[t] * in[l];
        }
      }
      for (int l = 0; l < rows; ++l) {
        out(x, y0 + l, channel) = sum[l];
      }
    }
  });
}

void FilterColumns(ConstView source, const AxisFilter& axis, View out) {
  ParallelFor(0, out.height * out.channels, [&](int index) {
    const int channel = index / out.height;
    const int y = index % out.height;
    float* sum = out.Row(y, channel);
    std::fill_n(sum, out.width, 0.0f);
    for (int t = 0; t < axis.count[y]; ++t) {
      const float weight = axis.weight[static_cast<std::size_t>(y) * axis.taps + t];
      const float* in = source.Row(axis.first[y] + t, channel);
      for (int x = 0; x < out.width; ++x) {
        sum[x] += weight * in[x];
      }
    }
  });
}

// floor((i + 0.5) * in / out), the position summed up in double as Pillow does: where it is a whole
// number but for rounding, this decides which pixel is taken.
std::vector<int> NearestIndices(int in, int out) {
  const double scale = static_cast<double>(in) / out;
  std::vector<int> indices(static_cast<std::size_t>(out));
  double position = 0.5 * scale;
  for (int& index : indices) {
    index = static_cast<int>(std::min(position, in - 1.0));
    position += scale;
  }
  return indices;
}

// out(x, y) = source(columns[x], rows[y]).
Image Pick(ConstView source, const std::vector<int>& columns, const std::vector<int>& rows) {
  Image out;
  out.Reset(static_cast<int>(columns.size()), static_cast<int>(rows.size()), source.channels);
  ParallelFor(0, out.height() * out.channels(), [&](int index) {
    const int channel = index / out.height();
    const int y = index % out.height();
    const float* in = source.Row(rows[y], channel);
    std::transform(columns.begin(), columns.end(), out.Row(y, channel),
                   [in](int x) { return in[x]; });
  });
  return out;
}

// Pixel `offset` of each whole cell of `scale` pixels.
Image Subsample(ConstView source, int scale, int offset) {
  if (scale < 1 || source.empty() || source.width < scale || source.height < scale) {
    throw Error("cannot subsample an image of " + SizeText(source.width, source.height) +
                " pixels by " + std::to_string(scale) +
                ", expected a scale of at least 1 and an image of at least one cell");
  }
  const auto indices = [scale, offset](int size) {
    std::vector<int> result(static_cast<std::size_t>(size / scale));
    for (int index = offset; int& i : result) {
      i = index;
      index += scale;
    }
    return result;
  };
  return Pick(source, indices(source.width), indices(source.height));
}

}  // namespace

Resampler ParseResampler(const std::string& name) {
  return ParseNamed(kResamplers, name, "resampler");
}

std::string ToString(Resampler resampler) {
  return NameOf(kResamplers, resampler);
}

Image Resize(ConstView source, int width, int height, Resampler resampler) {
  if (source.empty() || width < 1 || height < 1) {
    throw Error("cannot resample an image of " + SizeText(source.width, source.height) + " x " +
                std::to_string(source.channels) + " to " + SizeText(width, height) +
                ", expected sizes of at least 1");
  }
  if (resampler == Resampler::kNearest) {
    return Pick(source, NearestIndices(source.width, width), NearestIndices(source.height, height));
  }
  Image rows;
  if (width != source.width) {
    rows.Reset(width, source.height, source.channels);
    FilterRows(source, MakeAxisFilter(source.width, width, resampler), rows);
    source = rows;
  }
  if (height == source.height) {
    return rows.empty() ? Image::Clone(source) : std::move(rows);
  }
  Image out;
  out.Reset(width, height, source.channels);
  FilterColumns(source, MakeAxisFilter(source.height, height, resampler), out);
  return out;
}

Image SubsampleLastPixel(ConstView source, int scale) {
  return Subsample(source, scale, scale - 1);
}

Image SubsampleCenterPixel(ConstView source, int scale) {
  return Subsample(source, scale, (scale - 1) / 2);
}

}  // namespace dkn
