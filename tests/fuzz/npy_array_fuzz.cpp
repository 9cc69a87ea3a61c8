#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "src/io/npy_array.h"
#include "tests/fuzz/check_error.h"

// Any file: an Error, or an array whose shape is its number of values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int kFile = memfd_create("input", 0);  // a file in memory, with a name to open
  static const std::string kPath = "/proc/self/fd/" + std::to_string(kFile);
  if (ftruncate(kFile, 0) != 0 || pwrite(kFile, data, size, 0) != static_cast<ssize_t>(size)) {
    __builtin_trap();
  }
  try {
    const dkn::NpyArray array(kPath);
    std::size_t count = 1;
    for (const std::int64_t length : array.shape()) {
      count *= static_cast<std::size_t>(length);
    }
    if (count > size || array.Read(0, count).size() != count) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
