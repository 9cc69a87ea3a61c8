#include <cstddef>
#include <cstdint>

#include "src/data/layouts/manifest.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or rows that each name a guide and a truth.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const dkn::ManifestRow& row :
         dkn::ParseManifest({reinterpret_cast<const char*>(data), size})) {
      if (row.line < 2 || row.guide.empty() || row.truth.empty()) {
        __builtin_trap();
      }
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
