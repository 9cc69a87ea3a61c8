#ifndef DKN_SRC_IO_SIZE_LIMIT_H_
#define DKN_SRC_IO_SIZE_LIMIT_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "dkn/io.h"

namespace dkn {

// What a header promises, before memory is taken for it. Throws Error unless both sides are at
// least 1 and fit an int, and width x height is within the options' limit.
inline void CheckSize(std::int64_t width, std::int64_t height, const ReadOptions& options) {
  constexpr std::int64_t kMaxSide = std::numeric_limits<int>::max();
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide) {
    throw Error("the image has " + size + ", expected 1 or more, and at most " +
                std::to_string(options.max_pixels) + " in all");
  }
  if (width > options.max_pixels / height) {
    throw Error("the image has " + size + ", more than the limit of " +
                std::to_string(options.max_pixels));
  }
}

// Of the tiles or chunks that an image of checked size is stored in, and that a codec decodes as a
// whole: a small image may lie in a larger one, as long as that costs no memory to speak of. Throws
// Error where it would, or where a side is 0.
inline void CheckBlock(std::int64_t block_width, std::int64_t block_height, std::int64_t width,
                       std::int64_t height) {
  constexpr std::int64_t kFree = std::int64_t{1} << 24;
  const std::int64_t limit = std::max(width * height, kFree);
  if (block_width < 1 || block_height < 1 || block_width > limit / block_height) {
    throw Error("the image is stored in strips, tiles or chunks of " + std::to_string(block_width) +
                " x " + std::to_string(block_height) +
                " pixels, expected at least 1 and no more than the whole image or " +
                std::to_string(kFree));
  }
}

}  // namespace dkn

#endif  // DKN_SRC_IO_SIZE_LIMIT_H_
