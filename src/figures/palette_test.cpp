#include "src/figures/palette.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <string>

namespace dkn::figures {
namespace {

std::string Hex(Colour colour) {
  char text[7];
  std::snprintf(text, sizeof text, "%02x%02x%02x", colour.red, colour.green, colour.blue);
  return text;
}

// web/tests/viewer_parts.test.mjs holds the viewer's colours to the same file.
TEST(Palette, TheViewerHasTheSameColours) {
  std::ifstream file(DKN_SOURCE_DIR "/tests/golden/palettes.txt");
  ASSERT_TRUE(file) << "tests/golden/palettes.txt is missing";
  int step = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') {
      continue;
    }
    ASSERT_LT(step, kPaletteSteps);
    const auto i = static_cast<std::size_t>(step++);
    EXPECT_EQ(line, Hex(PaletteColours(Palette::kSpectrum)[i]) + " " +
                        Hex(PaletteColours(Palette::kGlow)[i]));
  }
  EXPECT_EQ(step, kPaletteSteps);
}

}  // namespace
}  // namespace dkn::figures
