#include <cstddef>
#include <cstdint>

#include "dkn/io.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/round_trip.h"

// Any file: an Error, or an image of the promised kind within the limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  try {
    const dkn::Image image = dkn::ReadImage(dkn::MemoryFile(data, size), options).image;
    if (image.empty() || std::int64_t{image.width()} * image.height() > dkn::kFuzzPixels) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
