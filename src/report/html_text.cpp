#include "src/report/html_text.h"

#include <cstdint>

#include "dkn/error.h"

namespace dkn::report {

std::string EscapeHtml(std::string_view text) {
  std::string html;
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        const bool control = (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
        html += control ? std::string("\xEF\xBF\xBD") : std::string(1, c);
    }
  }
  return html;
}

std::string Base64(Bytes bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16 |
                                (left > 1 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8 : 0u) |
                                (left > 2 ? static_cast<std::uint32_t>(bytes[i + 2]) : 0u);
    text += kDigits[group >> 18 & 63];
    text += kDigits[group >> 12 & 63];
    text += left > 1 ? kDigits[group >> 6 & 63] : '=';
    text += left > 2 ? kDigits[group & 63] : '=';
  }
  return text;
}

std::string JsonForScript(std::string json) {
  // '<' stands only inside of JSON's strings, where it may be written so.
  for (std::size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at)) {
    json.replace(at, 1, "\\u003c");
  }
  return json;
}

std::string FillTemplate(std::string_view page, const std::map<std::string, std::string>& parts) {
  std::string filled;
  for (;;) {
    const std::size_t begin = page.find("{{");
    const std::size_t end = page.find("}}", begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) {
      return filled.append(page);
    }
    const std::string name(page.substr(begin + 2, end - begin - 2));
    const auto part = parts.find(name);
    if (part == parts.end()) {
      throw Error("a page has no part '" + name + "'");
    }
    filled.append(page.substr(0, begin)).append(part->second);
    page.remove_prefix(end + 2);
  }
}

}  // namespace dkn::report
