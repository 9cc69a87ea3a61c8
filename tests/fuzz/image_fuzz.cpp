#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "dkn/io.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any file: an Error, or an image of the promised kind within the limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int kFile = memfd_create("input", 0);  // a file in memory, with a name to open
  static const std::string kPath = "/proc/self/fd/" + std::to_string(kFile);
  if (ftruncate(kFile, 0) != 0 || pwrite(kFile, data, size, 0) != static_cast<ssize_t>(size)) {
    __builtin_trap();
  }
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  try {
    const dkn::Image image = dkn::ReadImage(kPath, options).image;
    if (image.empty() || std::int64_t{image.width()} * image.height() > dkn::kFuzzPixels) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
