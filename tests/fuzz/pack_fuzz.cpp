#include <cstddef>
#include <cstdint>

#include "src/train/pair_files.h"
#include "tests/fuzz/check_error.h"

// Any bytes: an Error, or pairs whose planes have their sizes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const dkn::train::RgbdPair& pair : dkn::train::ParsePack({data, size})) {
      const std::size_t pixels = static_cast<std::size_t>(pair.width) * pair.height;
      if (pair.rgb.size() != 3 * pixels || pair.depth.size() != pixels) {
        __builtin_trap();
      }
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
