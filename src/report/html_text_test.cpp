#include "src/report/html_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dkn/error.h"

namespace dkn::report {
namespace {

TEST(EscapeHtml, LeavesNoMarkup) {
  EXPECT_EQ(EscapeHtml("a<b>\"c\" & 'd'"), "a&lt;b&gt;&quot;c&quot; &amp; &#39;d&#39;");
  EXPECT_EQ(EscapeHtml("tab\tline\nend"), "tab\tline\nend");
  EXPECT_EQ(EscapeHtml(std::string("\x00\x1B\x7F", 3)), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(EscapeHtml("DKN\u2020"), "DKN\u2020");
}

TEST(Base64, TheExamplesOfTheRfc) {
  // RFC 4648, section 10.
  const std::vector<std::pair<std::string, std::string>> examples = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : examples) {
    EXPECT_EQ(Base64(std::vector<std::uint8_t>(plain.begin(), plain.end())), coded);
  }
  EXPECT_EQ(Base64(std::vector<std::uint8_t>{0xFB, 0xFF, 0xFE}), "+//+");
}

TEST(JsonForScript, CannotEndTheElement) {
  EXPECT_EQ(JsonForScript("{\"a\":\"</script><!--\"}"), "{\"a\":\"\\u003c/script>\\u003c!--\"}");
}

TEST(FillTemplate, FillsOnceAndOnlyItself) {
  EXPECT_EQ(FillTemplate("<{{a}}|{{b}}|{{a}}>", {{"a", "{{b}}"}, {"b", "2"}}), "<{{b}}|2|{{b}}>");
  EXPECT_EQ(FillTemplate("no part, {{ open", {}), "no part, {{ open");
  EXPECT_THROW(FillTemplate("{{other}}", {{"a", ""}}), Error);
}

}  // namespace
}  // namespace dkn::report
