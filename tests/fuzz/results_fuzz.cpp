#include <cstddef>
#include <cstdint>
#include <string>

#include "src/eval/result_store.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/memory_file.h"

// Any file of results: an Error, or one that goes on, whatever it holds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path = dkn::MemoryFile(data, size);
  try {
    dkn::eval::ResultStore(path).Add({"key", "method", "set", "case", "image", {{"rmse", 1.5}}});
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
    return 0;
  }
  const auto values = dkn::eval::ResultStore(path).Find("key");
  if (!values || values->at("rmse") != 1.5) {
    __builtin_trap();
  }
  return 0;
}
