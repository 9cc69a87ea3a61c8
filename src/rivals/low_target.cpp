#include "src/rivals/low_target.h"

#include <cmath>

#include "dkn/resample.h"
#include "src/imaging/padding.h"

namespace dkn {
namespace {

bool CoverCells(const MeasuredSamples& samples, const GraphSize& low, int scale) {
  constexpr float kMostOff = 0.01f;  // pixels of the guide
  const float first = 0.5f * static_cast<float>(scale - 1);
  const auto is = [](float place, float expected) { return std::abs(place - expected) < kMostOff; };
  const auto step = static_cast<float>(scale);
  return samples.values.width == low.width && samples.values.height == low.height &&
         is(samples.step_x, step) && is(samples.step_y, step) && is(samples.first_x, first) &&
         is(samples.first_y, first);
}

}  // namespace

GraphSize LowSize(const GraphSize& frame, int scale) {
  return {(frame.width + scale - 1) / scale, (frame.height + scale - 1) / scale};
}

Image LowTarget(const FilterInput& input, int scale) {
  const ConstView target = input.target;
  const GraphSize low = LowSize({target.width, target.height}, scale);
  if (!input.samples.values.empty() && CoverCells(input.samples, low, scale)) {
    return Image::Clone(input.samples.values);
  }
  const Image whole =
      ReplicatePad(target, scale * low.width - target.width, scale * low.height - target.height);
  return Resize(whole, low.width, low.height, Resampler::kBicubic);
}

}  // namespace dkn
