#include "src/imaging/zeros.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dkn {
namespace {

constexpr int kLargestOfBytes = 255;
constexpr int kLargest = 65535;
// Bytes: soft masks and pictures reach down to 0, labels are few.
constexpr int kApartOthers = 16;
constexpr int kApartFrom = 8;
constexpr int kApartSteps = 4;
// Depth in 16 bits. Frames of a few pixels have few values, whatever they are.
constexpr int kFewValues = 64;
constexpr int kPixelsForOne = 16;
constexpr int kSmallestDepth = 64;

// The values but 0.
struct Others {
  int pixels = 0;
  int distinct = 0;
  int smallest = 0;
  int largest = 0;
};

Others OthersThanZero(ConstView image) {
  std::vector<bool> taken(kLargest + 1);
  Others others;
  for (int y = 0; y < image.height; ++y) {
    const float* row = image.Row(y);
    for (int x = 0; x < image.width; ++x) {
      taken[static_cast<std::size_t>(row[x])] = true;
      others.pixels += row[x] != 0.0f ? 1 : 0;
    }
  }
  for (int value = 1; value <= kLargest; ++value) {
    if (taken[static_cast<std::size_t>(value)]) {
      others.smallest = others.distinct == 0 ? value : others.smallest;
      others.largest = value;
      ++others.distinct;
    }
  }
  return others;
}

}  // namespace

int CountZeros(ConstView image) {
  std::int64_t zeros = 0;
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      zeros += std::count(row, row + image.width, 0.0f);
    }
  }
  return static_cast<int>(zeros);
}

bool ZeroIsHole(ConstView image, SampleType type) {
  if (image.channels != 1) {
    return false;
  }
  const Others others = OthersThanZero(image);
  if (others.distinct == 0) {
    return type == SampleType::kUint16;
  }
  if (others.largest <= kLargestOfBytes) {
    return others.distinct >= kApartOthers && others.smallest >= kApartFrom &&
           others.smallest * (others.distinct - 1) >=
               kApartSteps * (others.largest - others.smallest);
  }
  const bool few = others.distinct <= std::min(kFewValues, others.pixels / kPixelsForOne);
  const bool mask = others.largest == kLargest && others.distinct <= 2;
  return !(few && (others.smallest < kSmallestDepth || mask));
}

}  // namespace dkn
