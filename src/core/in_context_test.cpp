#include "src/core/in_context.h"

#include <gtest/gtest.h>

namespace dkn {
namespace {

template <typename Kind>
std::string TextOf(const std::string& text) {
  try {
    InContext("a.png", [&] { throw Kind(text); });
  } catch (const Kind& error) {
    return error.what();
  } catch (...) {
    return "another kind";
  }
  return "no error";
}

TEST(InContext, NamesWhatErrorsAreAboutAndKeepsTheirKind) {
  EXPECT_EQ(InContext("a.png", [] { return 3; }), 3);
  EXPECT_EQ(TextOf<Error>("is empty"), "a.png: is empty");
  EXPECT_EQ(TextOf<MemoryError>("no memory"), "a.png: no memory");
  EXPECT_EQ(TextOf<std::runtime_error>("other"), "other");
}

}  // namespace
}  // namespace dkn
