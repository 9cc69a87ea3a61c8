#ifndef DKN_TESTS_FUZZ_CHECK_ERROR_H_
#define DKN_TESTS_FUZZ_CHECK_ERROR_H_

#include <nlohmann/json.hpp>
#include <string>

#include "dkn/error.h"

namespace dkn {

// Stops the program unless the text is one line of UTF-8 without control characters: nothing of a
// hostile file reaches a terminal as it is. Another program's validator judges.
inline void CheckErrorText(const Error& error) {
  const std::string text = error.what();
  for (const char c : text) {
    if ((c >= 0 && c < ' ') || c == '\x7f') {
      __builtin_trap();
    }
  }
  nlohmann::json(text).dump();  // throws, which ends the program, where it is not UTF-8
}

}  // namespace dkn

#endif  // DKN_TESTS_FUZZ_CHECK_ERROR_H_
