#include "src/pipeline/own_guide.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"

namespace dkn {
namespace {

constexpr int kMostChannels = 4;  // R,G,B and alpha

GuideRange RangeOf(ConstView values, SampleType type, bool map) {
  if (map) {
    const ValueRange range = FiniteRange(values);
    return {range.low, range.low < range.high ? range.high : range.low + 1.0f};
  }
  GuideRange range = FindGuideRange(values, type);
  range.middle = 0.0f;  // what light becomes so would not be the target's contrasts
  return range;
}

}  // namespace

void CheckOwnGuide(const ConstFrame& target) {
  if (target.channels > kMostChannels) {
    throw Error("the target is its own guide and has " + std::to_string(target.channels) +
                " channels, expected 1 or 3, or 2 or 4 with alpha");
  }
}

FrameBuffer WithoutAlpha(const ConstFrame& frame) {
  const int colours = GuideChannels(frame.channels);
  if (frame.channels > kMostChannels || colours == frame.channels) {
    return FrameBuffer();
  }
  Image picture;
  FirstChannels(frame, colours, picture);
  return FrameOf(picture, frame.type);
}

bool IsMap(ConstView target, SampleType type, const ValueMeaning& meaning) {
  if (target.channels != 1 || !HasValues(target)) {
    return false;
  }
  if (IsInteger(type)) {
    return !meaning.all_count;
  }
  const ValueRange range = FiniteRange(target);
  return !IsUnitPicture(range.low, range.high);
}

void GuideByTarget(ConstView target, ConstView weights, SampleType type, bool map,
                   std::optional<GuideRange>& range, Image& guide) {
  std::fill(guide.data(), guide.data() + guide.size(), 0.0f);  // nothing to follow while filling
  const Measurement own = FillMeasurement(guide, Image::Clone(target), weights);
  std::copy_n(own.values.data(), guide.size(), guide.data());
  if (!range) {
    range = RangeOf(guide, type, map);
  }
  ToUnitRange(*range, guide);
}

void KeepHoles(const Image& target, Image& result) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (!std::isfinite(target.data()[i])) {
      result.data()[i] = kHole;
    }
  }
}

}  // namespace dkn
