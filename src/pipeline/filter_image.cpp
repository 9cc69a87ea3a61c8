#include "dkn/filter_image.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/guide_range.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/sample_units.h"

namespace dkn {
namespace {

void CheckIterations(int iterations) {
  if (iterations < 1) {
    throw ArgumentError(std::to_string(iterations) + " iterations, expected at least 1");
  }
}

}  // namespace

Image FilterImage(ConstView guide, ConstView target, const JointFilter& filter, int iterations) {
  CheckIterations(iterations);
  CheckFilterInput({guide, target});
  Image image = Image::Clone(target);
  const ValueRange range = FiniteRange(target);
  if (range.low == range.high) {
    return image;
  }
  Normalize(image, range, image);
  FilterOutput output;
  for (int i = 0; i < iterations; ++i) {
    filter.Apply({guide, image}, output);
    std::swap(image, output.image);
  }
  Denormalize(image, range, image);
  return image;
}

Image RemoveTexture(ConstView image, const JointFilter& filter, int iterations) {
  CheckIterations(iterations);
  Image result = Image::Clone(image);
  for (int i = 0; i < iterations; ++i) {
    result = FilterImage(result, result, filter);
  }
  return result;
}

FrameBuffer FilterFrame(const ConstFrame& guide, const ConstFrame& target,
                        const JointFilter& filter, int iterations) {
  Image result = FilterImage(GuideOf(guide), ImageOf(target), filter, iterations);
  ClampToType(result, target.type);
  return FrameOf(result, target.type);
}

FrameBuffer RemoveFrameTexture(const ConstFrame& image, const JointFilter& filter, int iterations) {
  Image picture;
  ToPicture(image, picture);
  GuideRange range = FindGuideRange(picture, image.type);
  range.middle = 0.0f;  // there is no way back from it
  ToUnitRange(range, picture);
  Image result = RemoveTexture(picture, filter, iterations);
  std::for_each(result.data(), result.data() + result.size(),
                [&range](float& value) { value = range.low + value * (range.high - range.low); });
  ClampToType(result, image.type);
  return FrameOf(result, image.type);
}

}  // namespace dkn
