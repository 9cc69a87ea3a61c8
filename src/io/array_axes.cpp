#include "src/io/array_axes.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "dkn/error.h"

namespace dkn {
namespace {

constexpr std::int64_t kMostColours = 4;

bool SeemsChannelsFirst(std::int64_t first, std::int64_t middle, std::int64_t last) {
  constexpr std::int64_t kManyChannels = 256;
  constexpr std::int64_t kLeastSide = 8;  // of what is more likely a side than channels
  const std::int64_t shorter = std::min(middle, last);
  return first < shorter &&
         (last > kManyChannels || (first <= kMostColours && shorter >= kLeastSide));
}

}  // namespace

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (const std::int64_t length : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(length);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

ArrayAxes FindAxes(const std::vector<std::int64_t>& shape, const std::string& what) {
  ArrayAxes axes;
  std::vector<std::size_t>& left = axes.left;
  left.resize(shape.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  const auto is_one = [&](std::size_t axis) { return shape[axis] == 1; };
  while (left.size() > 2) {
    const std::int64_t last = shape[left.back()];
    if (left.size() == 3 && 1 < last && last <= kMostColours) {
      break;
    }
    // The last one first, which may be of channels.
    const auto one =
        last == 1 ? std::prev(left.end()) : std::find_if(left.begin(), left.end(), is_one);
    if (one == left.end()) {
      break;
    }
    left.erase(one);
  }
  if (left.size() < 2 || left.size() > 3) {
    throw Error(what + " has the dimensions " + ShapeText(shape) +
                ", expected [H, W] or [H, W, C]");
  }
  axes.channels_first =
      left.size() == 3 && SeemsChannelsFirst(shape[left[0]], shape[left[1]], shape[left[2]]);
  return axes;
}

}  // namespace dkn
