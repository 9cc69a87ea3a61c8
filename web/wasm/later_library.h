#ifndef DKN_WEB_WASM_LATER_LIBRARY_H_
#define DKN_WEB_WASM_LATER_LIBRARY_H_

// What the sources use of C++20 and LLVM 13's standard library, Emscripten 3.1.6's, lacks:
// std::bit_cast and <charconv>'s functions for floating point, here by C's in its locale "C".
// Included before every source of the page; Emscripten with a later library needs none of it.

#ifdef __cplusplus

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>

namespace std {

template <typename To, typename From>
constexpr To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

inline string dkn_plain_number(const char* first, const char* last) {
  const char* end = first;
  while (end != last && (strchr("+-.eE", *end) != nullptr || (*end >= '0' && *end <= '9'))) {
    ++end;
  }
  return string(first, end);
}

template <typename Float>
requires is_floating_point_v<Float> from_chars_result from_chars(const char* first,
                                                                 const char* last, Float& value) {
  const string text = dkn_plain_number(first, last);
  if (text.empty() || text[0] == '+') {
    return {first, errc::invalid_argument};
  }
  char* end = nullptr;
  const Float parsed = is_same_v<Float, float> ? static_cast<Float>(strtof(text.c_str(), &end))
                                               : strtod(text.c_str(), &end);
  if (end == text.c_str()) {
    return {first, errc::invalid_argument};
  }
  const char* const stop = first + (end - text.c_str());
  if (isinf(parsed)) {
    return {stop, errc::result_out_of_range};
  }
  value = parsed;
  return {stop, errc()};
}

inline to_chars_result dkn_copied(char* first, char* last, const char* text, int length) {
  if (length < 0 || last - first < length) {
    return {last, errc::value_too_large};
  }
  memcpy(first, text, static_cast<size_t>(length));
  return {first + length, errc()};
}

inline to_chars_result to_chars(char* first, char* last, double value, chars_format format,
                                int precision) {
  char text[1200];
  const char* const how = format == chars_format::fixed     ? "%.*f"
                          : format == chars_format::general ? "%.*g"
                                                            : "%.*e";
  return dkn_copied(first, last, text, snprintf(text, sizeof(text), how, precision, value));
}

// The fewest digits that give the value back.
template <typename Float>
requires is_floating_point_v<Float> to_chars_result to_chars(char* first, char* last, Float value) {
  char text[64];
  int length = 0;
  for (int digits = 1; digits <= 17; ++digits) {
    length = snprintf(text, sizeof(text), "%.*g", digits, static_cast<double>(value));
    const Float back =
        is_same_v<Float, float> ? static_cast<Float>(strtof(text, nullptr)) : strtod(text, nullptr);
    if (back == value || isnan(value)) {
      break;
    }
  }
  return dkn_copied(first, last, text, length);
}

}  // namespace std

#endif  // __cplusplus

#endif  // DKN_WEB_WASM_LATER_LIBRARY_H_
