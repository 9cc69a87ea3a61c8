#include "src/core/printable_text.h"

#include <gtest/gtest.h>

#include <random>

#include "dkn/error.h"

namespace dkn {
namespace {

std::string Shown(std::string_view text) {
  return PrintableText(text, 1000);
}

TEST(PrintableTextTest, PlainTextStays) {
  for (const char* text :
       {"", "a.png: 3 x 4, expected 'b' \\ \"c\"~", "Tür 深度 \xF0\x9F\x98\x80"}) {
    EXPECT_EQ(Shown(text), text);
  }
}

TEST(PrintableTextTest, ControlCharactersAreEscaped) {
  EXPECT_EQ(Shown("a\nb\tc\r"), "a\\nb\\tc\\x0d");
  EXPECT_EQ(Shown("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
  EXPECT_EQ(Shown(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Shown("\xC2\x9B"), "\\xc2\\x9b");           // C1: CSI
  EXPECT_EQ(Shown("\xE2\x80\xAE"), "\\xe2\\x80\\xae");  // right to left override
  EXPECT_EQ(Shown("\xE2\x81\xA6"), "\\xe2\\x81\\xa6");  // left to right isolate
}

TEST(PrintableTextTest, BytesThatAreNoUtf8AreEscaped) {
  EXPECT_EQ(Shown("\x80"), "\\x80");
  EXPECT_EQ(Shown("a\xFFz"), "a\\xffz");
  EXPECT_EQ(Shown("\xC3"), "\\xc3");                             // cut off
  EXPECT_EQ(Shown("\xE6\xB7z"), "\\xe6\\xb7z");                  // cut off
  EXPECT_EQ(Shown("\xC0\xAF"), "\\xc0\\xaf");                    // overlong '/'
  EXPECT_EQ(Shown("\xE0\x80\xAF"), "\\xe0\\x80\\xaf");           // overlong '/'
  EXPECT_EQ(Shown("\xED\xA0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(Shown("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
  EXPECT_EQ(Shown("\xF0\x8F\xBF\xBF"), "\\xf0\\x8f\\xbf\\xbf");  // overlong U+FFFF
}

TEST(PrintableTextTest, LongTextIsCutAtACharacter) {
  EXPECT_EQ(PrintableText("abcdef", 6), "abcdef");
  EXPECT_EQ(PrintableText("abcdefg", 6), "abc...");
  EXPECT_EQ(PrintableText("ab\n\n\n\n", 8), "ab\\n...");
  EXPECT_EQ(PrintableText("\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC", 6), "\xC3\xBC...");
}

TEST(PrintableTextTest, WhatIsPrintableStaysSoWhenShownAgain) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    std::string text(random() % 40, '\0');
    for (char& c : text) {
      c = static_cast<char>(random());
    }
    const std::string shown = PrintableText(text, 30);
    EXPECT_LE(shown.size(), 30u);
    EXPECT_EQ(PrintableText(shown, 30), shown);
  }
}

TEST(PrintableTextTest, ErrorsArePrintable) {
  EXPECT_STREQ(Error("key '\x1b\xff'\n").what(), "key '\\x1b\\xff'\\n");
  EXPECT_EQ(std::string(Error(std::string(100000, 'x')).what()).size(), kMaxErrorText);
}

}  // namespace
}  // namespace dkn
