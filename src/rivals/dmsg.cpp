#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "dkn/resample.h"
#include "src/imaging/padding.h"
#include "src/imaging/value_range.h"
#include "src/rivals/low_target.h"
#include "src/rivals/rival.h"

namespace dkn {
namespace {

int LevelsOf(const FilterSettings& values) {
  return static_cast<int>(values.at("levels"));
}

// Hui, Loy, Tang: Depth map super-resolution by deep multi-scale guidance, ECCV 2016. The depth
// grows from level to level, and at each meets the luma's features of its size; where the luma has
// s h - 1 rows for h of the depth, s = 2^levels, all sizes go together.
Graph DmsgGraph(const FilterSettings& values) {
  constexpr int kWidth = 32;
  const Window same{.kernel = 5, .padding = 2};
  const int levels = LevelsOf(values);
  Graph graph;
  const int luma = graph.Input("luma", 1);
  const int depth = graph.Input("depth", 1);

  const auto convolve = [&](const std::string& place, int from, int width, int kernel) {
    return graph.Convolution("conv" + place, from, width, {.kernel = kernel, .padding = kernel / 2},
                             {.prelu = "prelu" + place});
  };
  std::vector<int> features = {convolve("2-Y", convolve("1-Y", luma, 49, 7), kWidth, 5)};
  for (int level = 1; level < levels; ++level) {
    const std::string place = std::to_string(level + 2) + "-Y";
    features.push_back(graph.MaxPooling(convolve(place, features.back(), kWidth, 5), 3, 2));
  }
  int result =
      graph.TransposedConvolution("deconv2-D", convolve("1-D", depth, 64, 5), kWidth,
                                  {.kernel = 5, .stride = 2, .padding = 2}, {.prelu = "prelu2-D"});
  for (int level = 2; level <= levels; ++level) {
    const std::string end = "-x" + std::to_string(1 << level);
    const std::string stage = std::to_string(level);
    const int both = graph.Concatenation({features[levels - level + 1], result});
    const int mixed =
        convolve(stage + "b" + end, convolve(stage + "a" + end, both, kWidth, 5), kWidth, 5);
    const std::string place = std::to_string(level + 1) + end;
    result = graph.TransposedConvolution("deconv" + place, mixed, kWidth,
                                         {.kernel = 5, .stride = 2, .padding = 1},
                                         {.prelu = "prelu" + place});
  }
  result = graph.Concatenation({features.front(), result});
  for (const char* part : {"a", "b", "c"}) {
    result = convolve(std::to_string(levels + 1) + part, result, kWidth, 5);
  }
  graph.Convolution("conv" + std::to_string(levels + 2), result, 1, same);
  return graph;
}

// The mean of the 3 x 3 pixels around each; beyond the border the last ones are repeated.
Image BoxMean(const Image& image) {
  const Image around = ReplicateHalo(image, 1);
  Image mean(image.width(), image.height());
  for (int y = 0; y < mean.height(); ++y) {
    for (int x = 0; x < mean.width(); ++x) {
      double sum = 0.0;
      for (int j = 0; j < 3; ++j) {
        for (int i = 0; i < 3; ++i) {
          sum += around(x + i, y + j);
        }
      }
      mean(x, y) = static_cast<float>(sum / 9.0);
    }
  }
  return mean;
}

void Subtract(const Image& subtrahend, Image& from) {
  std::transform(from.data(), from.data() + from.size(), subtrahend.data(), from.data(),
                 [](float a, float b) { return a - b; });
}

// To [0, 1]; a constant becomes 0.
void Stretch(Image& image) {
  const ValueRange range = FiniteRange(image);
  if (range.low < range.high) {
    Normalize(image, range, image);
  } else {
    std::fill_n(image.data(), image.size(), 0.0f);
  }
}

// The details of the luma of 8-bit video (ITU-R BT.601), of a guide of 8 bits, without the last row
// and column.
Image LumaDetails(ConstView guide) {
  Image luma(guide.width, guide.height);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      const auto level = [&](int c) {
        return std::round(255.0 * guide(x, y, std::min(c, guide.channels - 1)));
      };
      const double sum = 65.481 * level(0) + 128.553 * level(1) + 24.966 * level(2);
      luma(x, y) = static_cast<float>(std::round(16.0 + sum / 255.0));
    }
  }
  Stretch(luma);
  Subtract(BoxMean(luma), luma);
  Stretch(luma);
  return Image::Clone(luma.view().Crop(0, 0, guide.width - 1, guide.height - 1));
}

// Enlarged by bicubic interpolation, mirrored beyond the border, and cut to the frame.
Image Enlarged(const Image& low, int scale, int width, int height) {
  constexpr int kReach = 3;  // more than the cubic's
  const Image around = MirrorHalo(low, kReach);
  const Image large =
      Resize(around, scale * around.width(), scale * around.height(), Resampler::kBicubic);
  return Image::Clone(large.view().Crop(scale * kReach, scale * kReach, width, height));
}

NetworkFrame PrepareDmsg(const FilterSettings& values, const FilterInput& input) {
  const int scale = 1 << LevelsOf(values);
  Image low = LowTarget(input, scale);
  const ValueRange range = FiniteRange(low);
  Stretch(low);
  const Image smooth = BoxMean(low);
  NetworkFrame frame;
  frame.gain = range.high - range.low;
  frame.base = Enlarged(smooth, scale, input.target.width, input.target.height);
  Denormalize(frame.base, range, frame.base);
  Subtract(smooth, low);
  const Image guide = ReplicatePad(input.guide, scale * low.width() - input.guide.width,
                                   scale * low.height() - input.guide.height);
  frame.inputs.push_back(LumaDetails(guide));
  frame.inputs.push_back(std::move(low));
  return frame;
}

std::vector<GraphSize> DmsgSizes(const FilterSettings& values, const GraphSize& frame) {
  const int scale = 1 << LevelsOf(values);
  const GraphSize low = LowSize(frame, scale);
  return {{scale * low.width - 1, scale * low.height - 1}, low};
}

}  // namespace

Rival DmsgRival() {
  return {{{"levels", 3, 1, 5, "", "times that the network doubles the size: 3 for 8x", true}},
          DmsgGraph,
          PrepareDmsg,
          DmsgSizes};
}

}  // namespace dkn
