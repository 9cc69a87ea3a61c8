#ifndef DKN_SRC_CORE_PRINTABLE_TEXT_H_
#define DKN_SRC_CORE_PRINTABLE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace dkn {

// Bytes that the text of an Error has at most.
inline constexpr std::size_t kMaxErrorText = 8192;

// One line of `text` that is UTF-8 and safe to print on a terminal, of at most `max_bytes` bytes (4
// or more; what is cut off leaves "..."). Each byte that is no part of UTF-8 (overlong forms,
// surrogates and code points above U+10FFFF included), of a control character (C0, DEL, C1) or of
// one that changes the direction or the lines of text (U+2028 to U+202E, U+2066 to U+2069) becomes
// \xHH, a line break \n, a tab \t. A backslash stays as it is.
std::string PrintableText(std::string_view text, std::size_t max_bytes);

}  // namespace dkn

#endif  // DKN_SRC_CORE_PRINTABLE_TEXT_H_
