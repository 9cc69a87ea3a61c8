#include "src/pipeline/c_arguments.h"

#include <cstdint>

namespace dkn {
namespace {

thread_local std::string last_error;

// Whether `count` parts of `extent` values, `stride` apart, lie behind each other without overlap;
// `extent` becomes that of all. False too where that is more than memory can be.
bool Extend(std::int64_t count, std::int64_t stride, std::int64_t& extent) {
  constexpr std::int64_t kLimit = PTRDIFF_MAX / sizeof(float);
  if (count > 1 && (stride < extent || stride > (kLimit - extent) / (count - 1))) {
    return false;
  }
  extent += (count - 1) * (count > 1 ? stride : 0);
  return true;
}

}  // namespace

void SetLastError(const char* text) noexcept {
  try {
    last_error = text;
  } catch (...) {
    last_error.clear();
    last_error.append("out of memory");  // short: takes no memory
  }
}

View ViewOf(const dkn_image* image, const char* name) {
  const dkn_image& given = NotNull(image, name);
  NotNull(given.data, (std::string(name) + ".data").c_str());
  if (given.width < 1 || given.height < 1 || given.channels < 1) {
    throw ArgumentError(std::string(name) + " is " + std::to_string(given.width) + " x " +
                        std::to_string(given.height) + " with " + std::to_string(given.channels) +
                        " channels, expected 1 or more of each");
  }
  const std::int64_t row = given.row_stride != 0 ? given.row_stride : given.width;
  std::int64_t plane = given.width;
  const bool rows_fit = Extend(given.height, row, plane);
  const std::int64_t gapless = rows_fit && row <= INT64_MAX / given.height ? row * given.height : 0;
  const std::int64_t channel = given.channel_stride != 0 ? given.channel_stride : gapless;
  std::int64_t all = plane;
  // Planes one behind the other, or the rows of all planes in turn.
  bool fits = rows_fit && Extend(given.channels, channel, all);
  if (!fits) {
    std::int64_t rows = given.width;
    fits = Extend(given.channels, channel, rows) && Extend(given.height, row, rows);
  }
  if (!fits) {
    throw ArgumentError(std::string(name) + " has a row_stride of " +
                        std::to_string(given.row_stride) + " and a channel_stride of " +
                        std::to_string(given.channel_stride) +
                        ", by which values overlap or lie beyond what memory can be");
  }
  return {given.data, given.width, given.height, given.channels, row, channel};
}

}  // namespace dkn

const char* dkn_last_error(void) {
  return dkn::last_error.c_str();
}
