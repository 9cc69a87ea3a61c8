#ifndef DKN_SRC_IO_SIZE_LIMIT_H_
#define DKN_SRC_IO_SIZE_LIMIT_H_

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
    throw Error("the image has " + size + ", expected sides from 1 to " + std::to_string(kMaxSide));
  }
  if (width > options.max_pixels / height) {
    throw Error("the image has " + size + ", more than the limit of " +
                std::to_string(options.max_pixels));
  }
}

}  // namespace dkn

#endif  // DKN_SRC_IO_SIZE_LIMIT_H_
