#include "dkn/placement.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "dkn/error.h"

namespace dkn {
namespace {

double ScaleBetween(int guide_width, int guide_height, int width, int height) {
  const double x = static_cast<double>(guide_width) / width;
  const double y = static_cast<double>(guide_height) / height;
  return std::sqrt(x * y);
}

}  // namespace

Rectangle ParseRectangle(const std::string& text) {
  int values[4] = {};
  const char* at = text.data();
  const char* const end = at + text.size();
  bool good = true;
  for (int i = 0; good && i < 4; ++i) {
    good = i == 0 || (at != end && *at++ == ',');
    const auto [next, code] = std::from_chars(at, end, values[i]);
    good = good && code == std::errc() && values[i] >= (i < 2 ? 0 : 1);
    at = next;
  }
  if (!good || at != end) {
    throw ArgumentError("'" + text +
                        "' is no rectangle, expected X,Y,WIDTH,HEIGHT in the guide's pixels");
  }
  return {values[0], values[1], values[2], values[3]};
}

double UpsamplingScale(ConstView guide, ConstView target, const Placement& placement) {
  if (placement.cameras) {
    const Intrinsics view = RegisteredCamera(placement.cameras->depth, placement.cameras->color);
    return ScaleBetween(guide.width, guide.height, view.width, view.height);
  }
  if (placement.place) {
    return ScaleBetween(placement.place->width, placement.place->height, target.width,
                        target.height);
  }
  return ScaleBetween(guide.width, guide.height, target.width, target.height);
}

double Stretch(ConstView guide, ConstView target, const Placement& placement) {
  if (placement.cameras) {
    return 1.0;
  }
  const double width = placement.place ? placement.place->width : guide.width;
  const double height = placement.place ? placement.place->height : guide.height;
  const auto between = [&](double columns, double rows) {
    return (width / columns) / (height / rows);
  };
  // Sides of the guide's shape at the target's size are rounded, up or down.
  const double most = between(target.width - 0.999, target.height + 0.999);
  const double least = between(target.width + 0.999, target.height - 0.999);
  return least <= 1.0 && 1.0 <= most ? 1.0 : between(target.width, target.height);
}

}  // namespace dkn
