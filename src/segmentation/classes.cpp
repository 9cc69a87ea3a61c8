#include "src/segmentation/classes.h"

#include <algorithm>
#include <sstream>

#include "dkn/error.h"
#include "src/core/printable_text.h"

namespace dkn {
namespace {

constexpr std::size_t kMaxClassName = 200;  // bytes

}  // namespace

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

std::vector<std::string> ParseClassNames(const std::string& text, int count) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (names.size() != static_cast<std::size_t>(count)) {
    throw Error("names " + std::to_string(names.size()) + " classes and has scores of " +
                std::to_string(count));
  }
  for (const std::string& name : names) {
    if (name.size() > kMaxClassName || PrintableText(name, kMaxClassName) != name) {
      throw Error("names a class '" + PrintableText(name, kMaxClassName) +
                  "', which is no name to print");
    }
  }
  return names;
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
