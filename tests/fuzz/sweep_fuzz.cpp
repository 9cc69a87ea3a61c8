#include <cstddef>
#include <cstdint>
#include <string>

#include "src/eval/sweep.h"
#include "tests/fuzz/check_error.h"

// Any sweep's text, and any line of its results: an Error, or what it says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const dkn::eval::Sweep sweep = dkn::eval::ParseSweep(text, "/nowhere");
    if (sweep.runs.empty() || sweep.columns.empty()) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  try {
    const dkn::eval::SweepRecord record = dkn::eval::ParseRecord(text);
    const std::string line = dkn::eval::RecordLine(record);
    if (dkn::eval::RecordLine(dkn::eval::ParseRecord(line)) != line) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
