#include "src/imaging/holes.h"

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/imaging/halving.h"

namespace dkn {
namespace {

void FillChannel(View image) {
  if (!HasHoles(image)) {
    return;
  }
  if (image.width == 1 && image.height == 1) {
    throw Error("no value of the image is finite");
  }
  Image half = Halve(image);
  FillChannel(half);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!std::isfinite(image(x, y))) {
        image(x, y) = ReadDoubled(half, x, y);
      }
    }
  }
}

}  // namespace

bool HasHoles(ConstView image) {
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      if (!std::all_of(row, row + image.width, [](float value) { return std::isfinite(value); })) {
        return true;
      }
    }
  }
  return false;
}

bool HasValues(ConstView image) {
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      if (std::any_of(row, row + image.width, [](float value) { return std::isfinite(value); })) {
        return true;
      }
    }
  }
  return false;
}

Image AllMeasured(int width, int height) {
  Image mask(width, height);
  std::fill_n(mask.data(), mask.size(), 1.0f);
  return mask;
}

Image MakeHoles(int width, int height, int channels) {
  Image image(width, height, channels);
  std::fill_n(image.data(), image.size(), kHole);
  return image;
}

Image MarkHoles(ConstView image, const InvalidValues& invalid, ConstView mask) {
  if (!mask.empty() && (!SameSize(mask, image) || mask.channels != 1)) {
    throw Error("the mask is " + SizeText(mask) + " x " + std::to_string(mask.channels) +
                ", expected the target's size, " + SizeText(image) + " x 1");
  }
  Image marked = Image::Clone(image);
  for (const InvalidValues::Range& range : invalid.ranges()) {
    std::replace_if(
        marked.data(), marked.data() + marked.size(),
        [range](float value) { return range.low <= value && value <= range.high; }, kHole);
  }
  for (int c = 0; c < image.channels && !mask.empty(); ++c) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        marked(x, y, c) = mask(x, y) == 0.0f ? kHole : marked(x, y, c);
      }
    }
  }
  return marked;
}

void FillHoles(View image) {
  for (int c = 0; c < image.channels; ++c) {
    FillChannel(image.Channel(c));
  }
}

}  // namespace dkn
