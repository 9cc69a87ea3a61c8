#include "dkn/filter_image.h"

#include <string>
#include <utility>

#include "dkn/error.h"
#include "dkn/upsample.h"
#include "dkn/upsampler.h"
#include "src/pipeline/own_guide.h"

namespace dkn {

Image FilterImage(ConstView guide, ConstView target, const JointFilter& filter, int iterations) {
  return Upsample(guide, target, filter, {.iterations = iterations, .same_size = true});
}

Image RemoveTexture(ConstView image, const JointFilter& filter, int iterations) {
  if (image.channels != 1 && image.channels != 3) {
    throw Error("the picture has " + std::to_string(image.channels) + " channels, expected 1 or 3");
  }
  return ImageOf(RemoveFrameTexture(FrameOf(image), filter, iterations));
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
  CheckFrame(image, "picture");
  const FrameBuffer opaque = WithoutAlpha(image);
  UpsamplerOptions options;
  options.own_guide = true;
  options.upsample.iterations = iterations;
  Upsampler upsampler(std::move(options), filter);
  return std::move(upsampler.Upsample(opaque.empty() ? image : opaque.frame()).image);
}

}  // namespace dkn
