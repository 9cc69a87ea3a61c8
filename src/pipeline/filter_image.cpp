#include "dkn/filter_image.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "dkn/upsample.h"
#include "dkn/upsampler.h"
#include "src/core/guide_range.h"
#include "src/pipeline/sample_units.h"

namespace dkn {

Image FilterImage(ConstView guide, ConstView target, const JointFilter& filter, int iterations) {
  return Upsample(guide, target, filter, {.iterations = iterations, .same_size = true});
}

Image RemoveTexture(ConstView image, const JointFilter& filter, int iterations) {
  if (iterations < 1) {
    throw ArgumentError(std::to_string(iterations) + " iterations, expected at least 1");
  }
  Image result = Image::Clone(image);
  for (int i = 0; i < iterations; ++i) {
    result = Upsample(result, result, filter, {.keep_wild_values = true, .same_size = true});
  }
  return result;
}

FrameBuffer FilterFrame(const ConstFrame& guide, const ConstFrame& target,
                        const JointFilter& filter, int iterations) {
  UpsamplerOptions options;
  options.upsample.iterations = iterations;
  options.upsample.same_size = true;
  Upsampler upsampler(std::move(options), filter);
  upsampler.SetGuide(guide);
  return std::move(upsampler.Upsample(target).image);
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
