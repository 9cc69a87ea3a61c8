#include "src/core/printable_text.h"

#include <algorithm>
#include <cstdint>

namespace dkn {
namespace {

// A character of UTF-8 at the beginning of `text`: its bytes, or 0 where there is none.
std::size_t CharacterLength(std::string_view text, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) {
    code = first;
    return 1;
  }
  if (first < 0xc2 || first > 0xf4) {
    return 0;
  }
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length) {
    return 0;
  }
  code = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) {
      return 0;
    }
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = 0xd800 <= code && code <= 0xdfff;
  return code < kSmallest[length] || surrogate || code > 0x10ffff ? 0 : length;
}

bool IsPrintable(std::uint32_t code) {
  const bool control = code < 0x20 || (0x7f <= code && code < 0xa0);
  const bool layout = (0x2028 <= code && code <= 0x202e) || (0x2066 <= code && code <= 0x2069);
  return !control && !layout;
}

std::string Escaped(std::string_view bytes) {
  if (bytes == "\n" || bytes == "\t") {
    return bytes == "\n" ? "\\n" : "\\t";
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

}  // namespace

std::string PrintableText(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kCut = "...";
  std::string result;
  std::size_t whole = 0;  // bytes of the result behind which there is room for kCut
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::size_t length = CharacterLength(text, code);
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(length, 1));
    if (length > 0 && IsPrintable(code)) {
      result += bytes;
    } else {
      result += Escaped(bytes);
    }
    if (result.size() > max_bytes) {
      result.resize(whole);
      return result.append(kCut);
    }
    if (result.size() + kCut.size() <= max_bytes) {
      whole = result.size();
    }
    text.remove_prefix(bytes.size());
  }
  return result;
}

}  // namespace dkn
