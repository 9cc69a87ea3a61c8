#include <cstddef>
#include <cstdint>
#include <string>

#include "src/segmentation/classes.h"
#include "tests/fuzz/check_error.h"

// Any text, for as many classes as its first byte says: an Error, or names that can be printed, and
// as many colours.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const int count = data[0];
  const std::string text(data + 1, data + size);
  try {
    for (const std::string& name : dkn::ParseClassNames(text, count)) {
      dkn::CheckErrorText(dkn::Error(name));
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  try {
    if (dkn::ParseLabelColours(text, count).size() != static_cast<std::size_t>(count)) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
