#include <cstddef>
#include <cstdint>

#include "src/data/layouts/voc.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or names that stay in their folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const std::string& name :
         dkn::ParseImageSet({reinterpret_cast<const char*>(data), size})) {
      if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos) {
        __builtin_trap();
      }
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
