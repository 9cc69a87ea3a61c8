#include "dkn/upsample.h"

#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/imaging/value_range.h"

namespace dkn {

Image Upsample(ConstView guide, ConstView target, const JointFilter& filter,
               const UpsampleOptions& options) {
  if (guide.empty() || target.empty()) {
    throw Error("guide or target is empty");
  }
  if (target.width > guide.width || target.height > guide.height) {
    throw Error("the target is " + SizeText(target) + ", larger than the guide, " +
                SizeText(guide) + "; enlarge the guide or shrink the target");
  }
  // A NaN or Inf would spread over the resampler's support: refuse it where it still has a place.
  CheckFinite(target, "target");
  const ValueRange range = FiniteRange(target);
  Image resampled = Resize(target, guide.width, guide.height, options.resampler);
  if (range.low == range.high) {
    CheckFilterInput({guide, resampled});
    return resampled;
  }
  Normalize(resampled, range, resampled);
  FilterOutput output;
  filter.Apply({guide, resampled}, output);
  Denormalize(output.image, range, output.image);
  return std::move(output.image);
}

}  // namespace dkn
