#ifndef DKN_SRC_EVAL_COMPARED_VIEWS_H_
#define DKN_SRC_EVAL_COMPARED_VIEWS_H_

#include <cmath>

#include "dkn/image.h"

namespace dkn::eval {

// A result and its ground truth, of one size. Values where the truth is not finite are unknown.
struct ComparedViews {
  ConstView result;
  ConstView truth;
};

// Both without the outer `border` pixels at each side; channels may differ. Throws Error when the
// sizes differ, border is negative, or no pixel remains.
ComparedViews InsideBorder(ConstView result, ConstView truth, int border);

// Throws Error unless the channels are as many, at least one value of the truth is known, and the
// result is finite wherever the truth is.
void CheckValues(const ComparedViews& views);

// Calls visit(result, truth), two floats, for each known value, channel by channel and row by row.
template <typename Visit>
void ForEachKnown(const ComparedViews& views, const Visit& visit) {
  for (int c = 0; c < views.truth.channels; ++c) {
    for (int y = 0; y < views.truth.height; ++y) {
      for (int x = 0; x < views.truth.width; ++x) {
        const float truth = views.truth(x, y, c);
        if (std::isfinite(truth)) {
          visit(views.result(x, y, c), truth);
        }
      }
    }
  }
}

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_COMPARED_VIEWS_H_
