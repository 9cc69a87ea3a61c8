#include "src/eval/compared_views.h"

#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn::eval {

ComparedViews InsideBorder(ConstView result, ConstView truth, int border) {
  if (!SameSize(result, truth)) {
    throw Error("a result of " + SizeText(result) + " and a truth of " + SizeText(truth) +
                ", expected equal sizes");
  }
  // No product of border, which could overflow.
  if (border < 0 || border > (truth.width - 1) / 2 || border > (truth.height - 1) / 2 ||
      truth.empty()) {
    throw Error("an image of " + SizeText(truth) + " has no pixels inside a border of " +
                std::to_string(border));
  }
  const auto inside = [border](ConstView view) {
    return view.Crop(border, border, view.width - 2 * border, view.height - 2 * border);
  };
  return {inside(result), inside(truth)};
}

void CheckValues(const ComparedViews& views) {
  if (views.result.channels != views.truth.channels) {
    throw Error("a result of " + std::to_string(views.result.channels) +
                " channels and a truth of " + std::to_string(views.truth.channels) +
                ", expected equal numbers");
  }
  bool any_known = false;
  ForEachKnown(views, [&](float result, float) {
    any_known = true;
    if (!std::isfinite(result)) {
      throw Error("the result is not finite where the truth is known");
    }
  });
  if (!any_known) {
    throw Error("no value of the truth is finite inside the border");
  }
}

}  // namespace dkn::eval
