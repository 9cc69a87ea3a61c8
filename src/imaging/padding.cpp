#include "src/imaging/padding.h"

#include <algorithm>
#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

void CheckPadding(ConstView source, int right, int bottom) {
  if (source.empty() || right < 0 || bottom < 0) {
    throw Error("cannot pad an image of " + SizeText(source) + " by " + std::to_string(right) +
                " and " + std::to_string(bottom) + ", expected pixels and counts of at least 0");
  }
}

// `inside(at, side)` is the pixel of the image that is read at a place beyond it.
template <typename Inside>
Image Continued(ConstView source, int border, const Inside& inside) {
  CheckPadding(source, border, border);
  Image out(source.width + 2 * border, source.height + 2 * border, source.channels);
  for (int c = 0; c < source.channels; ++c) {
    for (int y = 0; y < out.height(); ++y) {
      const float* from = source.Row(inside(y - border, source.height), c);
      float* to = out.Row(y, c);
      for (int x = 0; x < out.width(); ++x) {
        to[x] = from[inside(x - border, source.width)];
      }
    }
  }
  return out;
}

}  // namespace

Image ReplicatePad(ConstView source, int right, int bottom) {
  Image out;
  ReplicatePad(source, right, bottom, out);
  return out;
}

void ReplicatePad(ConstView source, int right, int bottom, Image& out) {
  CheckPadding(source, right, bottom);
  out.Reset(source.width + right, source.height + bottom, source.channels);
  for (int c = 0; c < out.channels(); ++c) {
    for (int y = 0; y < out.height(); ++y) {
      const float* in = source.Row(std::min(y, source.height - 1), c);
      float* row = std::copy_n(in, source.width, out.Row(y, c));
      std::fill_n(row, right, in[source.width - 1]);
    }
  }
}

Image ReplicateHalo(ConstView source, int border) {
  return Continued(source, border, [](int at, int side) { return std::clamp(at, 0, side - 1); });
}

Image MirrorHalo(ConstView source, int border) {
  return Continued(source, border, [](int at, int side) {
    const int period = 2 * side;
    const int place = ((at % period) + period) % period;
    return place < side ? place : period - 1 - place;
  });
}

}  // namespace dkn
