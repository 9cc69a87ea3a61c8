#ifndef DKN_SRC_IO_LONG_JUMP_H_
#define DKN_SRC_IO_LONG_JUMP_H_

#include <csetjmp>
#include <string>

#include "dkn/error.h"

namespace dkn {

// Where libpng and libjpeg go at an error: they call a function of ours, which must not return, and
// may not throw, since they are C.
struct LongJump {
  std::jmp_buf place;
  char text[256] = "";
  bool no_memory = false;
};

// Calls `calls`, and throws Error with the text, behind `format`, when they jump. The jump skips
// what is on the stack above, so `calls` may hold nothing that has a destructor.
template <typename Calls>
void CatchLongJump(LongJump& jump, const char* format, const Calls& calls) {
  if (setjmp(jump.place) != 0) {
    const std::string text = std::string("the ") + format + " library says: " + jump.text;
    if (jump.no_memory) {
      throw MemoryError(text);
    }
    throw Error(text);
  }
  calls();
}

}  // namespace dkn

#endif  // DKN_SRC_IO_LONG_JUMP_H_
