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
  EXPECT_EQ(TextOf<MethodError>("no model"), "a.png: no model");
  EXPECT_EQ(TextOf<ArgumentError>("no data"), "a.png: no data");
  EXPECT_EQ(TextOf<std::runtime_error>("other"), "other");
}

TEST(ErrorsAs, ErrorsOfNoKindBecomeOfOne) {
  const auto made = [](const auto& error) {
    return ErrorsAs<MethodError>([&]() -> int { throw error; });
  };
  EXPECT_EQ(ErrorsAs<MethodError>([] { return 3; }), 3);
  EXPECT_THROW(made(Error("no model")), MethodError);
  EXPECT_THROW(made(MethodError("no model")), MethodError);
  EXPECT_THROW(made(MemoryError("no memory")), MemoryError);
  EXPECT_THROW(made(ArgumentError("no data")), ArgumentError);
  EXPECT_THROW(ErrorsAs<ArgumentError>([] { throw Error("no JSON"); }), ArgumentError);
}

}  // namespace
}  // namespace dkn
