#include <cstddef>
#include <cstdint>
#include <string>

#include "src/dkn/architecture.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or an architecture that keeps its rules and that its own fields give again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::Architecture architecture;
  try {
    architecture = dkn::ArchitectureFromJson(std::string(data, data + size));
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
    return 0;
  }
  dkn::CheckArchitecture(architecture);
  const dkn::ArchitectureFields fields = dkn::ToFields(architecture);
  if (dkn::ToFields(dkn::FromFields(fields)) != fields) {
    __builtin_trap();
  }
  return 0;
}
