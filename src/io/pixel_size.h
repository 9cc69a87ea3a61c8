#ifndef DKN_SRC_IO_PIXEL_SIZE_H_
#define DKN_SRC_IO_PIXEL_SIZE_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include "dkn/io.h"

namespace dkn {

struct PixelSize {
  int width = 0;
  int height = 0;
};

// The limits of sizes that options tell, as of images in files.
inline constexpr int kMaxSide = 1 << 16;
inline constexpr std::int64_t kMaxPixels = ReadOptions::kMaxPixels;

// "640x480"; none for anything else, an empty side and sizes beyond the limits.
inline std::optional<PixelSize> ParseSize(std::string_view text) {
  PixelSize size;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto side = [&](int& value) {
    const auto [next, code] = std::from_chars(at, end, value);
    at = next;
    return code == std::errc() && 1 <= value && value <= kMaxSide;
  };
  const bool good = side(size.width) && at != end && *at++ == 'x' && side(size.height) &&
                    at == end && std::int64_t{size.width} * size.height <= kMaxPixels;
  return good ? std::optional<PixelSize>(size) : std::nullopt;
}

}  // namespace dkn

#endif  // DKN_SRC_IO_PIXEL_SIZE_H_
