#include "src/pipeline/target_traits.h"

#include "src/imaging/blended_edges.h"
#include "src/imaging/holes.h"
#include "src/imaging/noise_level.h"
#include "src/imaging/value_range.h"

namespace dkn {

TargetTraits TraitsOf(ConstView guide, ConstView target, const Placement& placement) {
  TargetTraits traits{UpsamplingScale(guide, target, placement), 0.0, target.channels};
  if (traits.scale > 2.0) {  // below, one network serves all
    traits.blended = BlendedEdges(target);
  }
  const ValueRange range = HasValues(target) ? FiniteRange(target) : ValueRange{};
  if (range.low < range.high) {
    traits.noise = NoiseOfSmoothParts(target) / (range.high - range.low);
  }
  return traits;
}

}  // namespace dkn
