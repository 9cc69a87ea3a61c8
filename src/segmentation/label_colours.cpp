#include "src/segmentation/label_colours.h"

#include <sstream>

#include "dkn/error.h"

namespace dkn {

std::vector<std::array<std::uint8_t, 3>> PascalColours(int count) {
  std::vector<std::array<std::uint8_t, 3>> colours(static_cast<std::size_t>(count));
  for (int label = 0; label < count; ++label) {
    int bits = label;
    for (int place = 7; place >= 0; --place) {
      for (int c = 0; c < 3; ++c, bits >>= 1) {
        colours[static_cast<std::size_t>(label)][static_cast<std::size_t>(c)] |=
            static_cast<std::uint8_t>((bits & 1) << place);
      }
    }
  }
  return colours;
}

std::vector<std::array<std::uint8_t, 3>> ParseLabelColours(const std::string& text, int count) {
  std::vector<std::array<std::uint8_t, 3>> colours;
  std::istringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    std::istringstream values(item);
    std::array<int, 3> rgb{};
    std::string rest;
    if (!(values >> rgb[0] >> rgb[1] >> rgb[2]) || values >> rest) {
      throw Error("has a colour that is not three numbers");
    }
    colours.emplace_back();
    for (std::size_t c = 0; c < 3; ++c) {
      if (rgb[c] < 0 || rgb[c] > 255) {
        throw Error("has a colour beyond 255");
      }
      colours.back()[c] = static_cast<std::uint8_t>(rgb[c]);
    }
  }
  if (colours.size() != static_cast<std::size_t>(count)) {
    throw Error("has " + std::to_string(colours.size()) + " colours for " + std::to_string(count) +
                " classes");
  }
  return colours;
}

}  // namespace dkn
