#include "dkn/joint_filter.h"

#include <cmath>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {

void CheckFinite(ConstView view, const std::string& name) {
  for (int c = 0; c < view.channels; ++c) {
    for (int y = 0; y < view.height; ++y) {
      const float* row = view.Row(y, c);
      // No early exit: so the loop vectorises.
      int bad = 0;
      for (int x = 0; x < view.width; ++x) {
        bad |= !(std::abs(row[x]) <= std::numeric_limits<float>::max());
      }
      if (bad == 0) {
        continue;
      }
      int x = 0;
      while (std::isfinite(row[x])) {
        ++x;
      }
      throw Error("the " + name + " is not finite at x = " + std::to_string(x) +
                  ", y = " + std::to_string(y) + "; replace NaN and Inf before filtering");
    }
  }
}

namespace {

void CheckMask(const FilterInput& input) {
  if (!SameSize(input.mask, input.target) || input.mask.channels != 1) {
    throw Error("the mask is " + SizeText(input.mask) + " with " +
                std::to_string(input.mask.channels) + " channels, expected the target's size, " +
                SizeText(input.target) + ", and 1 channel");
  }
  for (int y = 0; y < input.mask.height; ++y) {
    for (int x = 0; x < input.mask.width; ++x) {
      if (!(input.mask(x, y) >= 0.0f && input.mask(x, y) <= 1.0f)) {
        throw Error("the mask is not in [0, 1] at x = " + std::to_string(x) +
                    ", y = " + std::to_string(y));
      }
    }
  }
}

}  // namespace

void CheckFilterInput(const FilterInput& input) {
  if (input.guide.empty() || input.target.empty()) {
    throw Error("guide or target is empty");
  }
  if (!SameSize(input.guide, input.target)) {
    throw Error("the target is " + SizeText(input.target) + ", expected the guide's size, " +
                SizeText(input.guide));
  }
  if (input.guide.channels != 1 && input.guide.channels != 3) {
    throw Error("the guide has " + std::to_string(input.guide.channels) +
                " channels, expected 1 or 3");
  }
  CheckFinite(input.guide, "guide");
  CheckFinite(input.target, "target");
  if (!input.mask.empty()) {
    CheckMask(input);
  }
}

}  // namespace dkn
