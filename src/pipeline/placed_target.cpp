#include "src/pipeline/placed_target.h"

#include <cstdint>
#include <utility>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

void CheckPlace(ConstView guide, const Rectangle& place) {
  if (place.x < 0 || place.y < 0 || place.width < 1 || place.height < 1 ||
      std::int64_t{place.x} + place.width > guide.width ||
      std::int64_t{place.y} + place.height > guide.height) {
    throw Error("the target's place (--place), " + SizeText(place.width, place.height) + " at " +
                std::to_string(place.x) + ", " + std::to_string(place.y) +
                ", does not lie on the guide, " + SizeText(guide));
  }
}

}  // namespace

ConstView PlaceOn(ConstView guide, const Placement& placement) {
  if (placement.cameras) {
    const Intrinsics& color = placement.cameras->color;
    if (guide.width != color.width || guide.height != color.height) {
      throw Error("the guide is " + SizeText(guide) + ", the colour camera " +
                  SizeText(color.width, color.height));
    }
  }
  if (!placement.place) {
    return guide;
  }
  const Rectangle& place = *placement.place;
  CheckPlace(guide, place);
  return guide.Crop(place.x, place.y, place.width, place.height);
}

Image RegisteredTarget(ConstView target, const CameraPair& cameras) {
  return RegisterDepth(target, cameras.depth, cameras.depth_to_color,
                       RegisteredCamera(cameras.depth, cameras.color));
}

void SurroundByHoles(ConstView guide, const Placement& placement, Upsampled& result) {
  if (!placement.place) {
    return;
  }
  const Rectangle& place = *placement.place;
  const auto place_on = [&](Image whole, Image& small) {
    Copy(small, whole.view().Crop(place.x, place.y, place.width, place.height));
    small = std::move(whole);
  };
  place_on(MakeHoles(guide.width, guide.height, result.image.channels()), result.image);
  if (!result.confidence.empty()) {
    place_on(Image(guide.width, guide.height), result.confidence);
  }
  if (result.mask.empty()) {
    result.mask = AllMeasured(place.width, place.height);
  }
  place_on(Image(guide.width, guide.height), result.mask);
}

Upsampled NothingMeasured(ConstView guide, ConstView target, bool confidence) {
  Upsampled result;
  result.image = MakeHoles(guide.width, guide.height, target.channels);
  if (confidence) {
    result.confidence = Image(guide.width, guide.height);
  }
  result.mask = Image(guide.width, guide.height);
  result.holes = target.width * target.height;
  return result;
}

}  // namespace dkn
