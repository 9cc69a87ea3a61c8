#include "src/pipeline/depth_geometry.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

void CheckColorSize(ConstView guide, const Intrinsics& color) {
  if (guide.width != color.width || guide.height != color.height) {
    throw Error("the guide is " + SizeText(guide) + ", the colour camera " +
                SizeText(color.width, color.height));
  }
}

void CheckPlace(ConstView guide, const Rectangle& place) {
  if (std::int64_t{place.x} + place.width > guide.width ||
      std::int64_t{place.y} + place.height > guide.height) {
    throw Error("the target's place, " + SizeText(place.width, place.height) + " at " +
                std::to_string(place.x) + ", " + std::to_string(place.y) +
                ", does not lie on the guide, " + SizeText(guide));
  }
}

// Of a target without a measurement.
Upsampled NothingMeasured(ConstView guide, ConstView target, const UpsampleOptions& options) {
  Upsampled result;
  result.image = MakeHoles(guide.width, guide.height, target.channels);
  if (options.confidence) {
    result.confidence = Image(guide.width, guide.height);
  }
  result.mask = Image(guide.width, guide.height);
  result.holes = target.width * target.height;
  return result;
}

Upsampled UpsampleRegistered(ConstView guide, ConstView target, const JointFilter& filter,
                             const CameraPair& cameras, const UpsampleOptions& options) {
  CheckColorSize(guide, cameras.color);
  const Image registered = RegisterDepth(target, cameras.depth, cameras.depth_to_color,
                                         RegisteredCamera(cameras.depth, cameras.color));
  return HasValues(registered) ? UpsampleFrame(guide, registered, filter, options)
                               : NothingMeasured(guide, registered, options);
}

Upsampled UpsampleWithin(ConstView guide, ConstView target, const JointFilter& filter,
                         const Rectangle& place, const UpsampleOptions& options) {
  CheckPlace(guide, place);
  const auto part = [&](auto view) {
    return view.Crop(place.x, place.y, place.width, place.height);
  };
  Upsampled result = UpsampleFrame(part(guide), target, filter, options);
  const auto place_on = [&](Image whole, Image& small) {
    Copy(small, part(whole.view()));
    small = std::move(whole);
  };
  place_on(MakeHoles(guide.width, guide.height, target.channels), result.image);
  if (options.confidence) {
    place_on(Image(guide.width, guide.height), result.confidence);
  }
  if (result.mask.empty()) {
    result.mask = AllMeasured(place.width, place.height);
  }
  place_on(Image(guide.width, guide.height), result.mask);
  return result;
}

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
    throw Error("'" + text + "' is no rectangle, expected X,Y,WIDTH,HEIGHT in the guide's pixels");
  }
  return {values[0], values[1], values[2], values[3]};
}

double UpsamplingScale(ConstView guide, ConstView target, const DepthGeometry& geometry) {
  if (geometry.cameras) {
    const Intrinsics view = RegisteredCamera(geometry.cameras->depth, geometry.cameras->color);
    return ScaleBetween(guide.width, guide.height, view.width, view.height);
  }
  if (geometry.place) {
    return ScaleBetween(geometry.place->width, geometry.place->height, target.width, target.height);
  }
  return ScaleBetween(guide.width, guide.height, target.width, target.height);
}

Upsampled UpsamplePlaced(ConstView guide, ConstView target, const JointFilter& filter,
                         const DepthGeometry& geometry, const UpsampleOptions& options) {
  if (!geometry.cameras && !geometry.place) {
    return UpsampleFrame(guide, target, filter, options);
  }
  const Image marked = MarkHoles(target, options.invalid, options.mask);
  UpsampleOptions placed_options = options;
  placed_options.invalid.reset();  // registered depth may have this value
  placed_options.mask = {};
  return geometry.cameras
             ? UpsampleRegistered(guide, marked, filter, *geometry.cameras, placed_options)
             : UpsampleWithin(guide, marked, filter, *geometry.place, placed_options);
}

}  // namespace dkn
