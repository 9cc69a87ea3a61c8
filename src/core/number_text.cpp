#include "src/core/number_text.h"

#include <charconv>
#include <cstddef>
#include <limits>

namespace dkn {
namespace {

constexpr std::size_t kMostPlain = 64;  // characters of a double with an exponent, and more

// What std::to_chars writes in at most `most` characters.
template <typename Number, typename... Format>
std::string CharactersOf(std::size_t most, Number value, Format... format) {
  std::string text(most, '\0');
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value, format...);
  text.resize(static_cast<std::size_t>(written.ptr - text.data()));
  return text;
}

}  // namespace

std::string FixedText(double value, int digits) {
  constexpr std::size_t kMostBefore = std::numeric_limits<double>::max_exponent10 + 3;
  return CharactersOf(kMostBefore + static_cast<std::size_t>(digits), value,
                      std::chars_format::fixed, digits);
}

std::string DigitsText(double value, int digits) {
  return CharactersOf(kMostPlain + static_cast<std::size_t>(digits), value,
                      std::chars_format::general, digits);
}

std::string ShortestText(double value) {
  return CharactersOf(kMostPlain, value);
}

std::string ShortestText(float value) {
  return CharactersOf(kMostPlain, value);
}

std::string WithSign(const std::string& number) {
  return number.starts_with('-') ? number : "+" + number;
}

}  // namespace dkn
