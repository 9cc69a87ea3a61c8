#include "src/eval/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"
#include "src/eval/metrics.h"

namespace dkn::eval {
namespace {

bool IsMeasured(float value) {
  return std::isfinite(value) && value != 0.0f;
}

}  // namespace

ValueRange MeasuredRange(ConstView map) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  ValueRange range{kInfinity, -kInfinity};
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      if (IsMeasured(map(x, y))) {
        range.low = std::min(range.low, map(x, y));
        range.high = std::max(range.high, map(x, y));
      }
    }
  }
  if (range.low > range.high) {
    throw Error("every value is 0 or not finite");
  }
  return range;
}

Comparison CompareWithBicubic(ConstView input, ConstView result, ConstView truth) {
  if (!SameSize(result, truth)) {
    throw Error("the result is " + SizeText(result) + ", expected the truth's size, " +
                SizeText(truth));
  }
  Comparison comparison;
  comparison.bicubic = Resize(input, truth.width, truth.height, Resampler::kBicubic);
  comparison.truth = Image::Clone(truth);
  for (int y = 0; y < truth.height; ++y) {
    for (int x = 0; x < truth.width; ++x) {
      if (IsMeasured(truth(x, y)) && IsMeasured(result(x, y)) &&
          IsMeasured(comparison.bicubic(x, y))) {
        ++comparison.pixels;
      } else {
        comparison.truth(x, y) = std::numeric_limits<float>::quiet_NaN();
      }
    }
  }
  if (comparison.pixels == 0) {
    throw Error("no pixel has a value in the input, in the result and in the truth");
  }
  comparison.bicubic_rmse = Rmse(comparison.bicubic, comparison.truth, 0);
  comparison.result_rmse = Rmse(result, comparison.truth, 0);
  return comparison;
}

}  // namespace dkn::eval
