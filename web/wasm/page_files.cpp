// What the library asks the machine it runs on, answered by the page: which models there are and
// their bytes, and what the processor can do.
#include <emscripten.h>
#include <hwy/targets.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/precision.h"
#include "dkn/registry.h"
#include "src/core/file.h"
#include "src/net/machine.h"

// Module.readModel(path) gives a promise of a file's bytes. What is returned is malloc's: 4 bytes
// that tell the size, and the file; 0 where there is none.
// clang-format off: it takes JavaScript for C++.
EM_ASYNC_JS(void*, dkn_page_read_model, (const char* path), {
  try {
    const bytes = await Module.readModel(UTF8ToString(path));
    const memory = _malloc(bytes.length + 4);
    if (memory != 0) {
      HEAPU32[memory >>> 2] = bytes.length;
      HEAPU8.set(bytes, (memory >>> 0) + 4);
    }
    return memory;
  } catch (error) {
    return 0;
  }
});
// clang-format on

namespace dkn {

std::vector<std::string> ModelFolders() {
  return {"/models"};
}

std::string InstructionSet() {
  return "WebAssembly";
}

void KeepToInstructionSet() {}

Precision SupportedPrecision(Precision) {
  return Precision::kFp32;
}

std::vector<std::uint8_t> ReadFileBytes(const std::string& path, std::uint64_t max_size) {
  void* const memory = dkn_page_read_model(path.c_str());
  if (memory == nullptr) {
    throw Error(path + ": cannot be loaded; is the page's server still there?");
  }
  const std::uint32_t size = *static_cast<const std::uint32_t*>(memory);
  const auto* const first = static_cast<const std::uint8_t*>(memory) + sizeof(size);
  const std::vector<std::uint8_t> bytes(first, first + size);
  std::free(memory);
  if (bytes.empty() || bytes.size() > max_size) {
    throw Error(path + ": " + std::to_string(bytes.size()) + " bytes, expected 1 to " +
                std::to_string(max_size));
  }
  return bytes;
}

}  // namespace dkn

namespace hwy {

// There is one instruction set, and nothing to choose (HWY_COMPILE_ONLY_STATIC): Highway's own of
// this function is not linked.
void DisableTargets(std::int64_t) {}

}  // namespace hwy
