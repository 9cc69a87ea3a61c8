#include "dkn/invalid_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>

#include "dkn/error.h"
#include "src/core/number_text.h"

namespace dkn {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The number that the text begins with, which is cut off. None: it begins with no number.
std::optional<float> TakeNumber(std::string_view& text) {
  // In "100..200" the first point is none of the number.
  const std::string_view number = text.substr(0, text.find(".."));
  float value = 0.0f;
  const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (code != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - number.data()));
  return value;
}

bool TakePrefix(std::string_view prefix, std::string_view& text) {
  const bool has = text.substr(0, prefix.size()) == prefix;
  text.remove_prefix(has ? prefix.size() : 0);
  return has;
}

// ">8000" and the like, of which the signs are cut off.
std::optional<InvalidValues::Range> TakeBound(std::string_view text) {
  const bool above = TakePrefix(">", text);
  if (!above && !TakePrefix("<", text)) {
    return std::nullopt;
  }
  const bool included = TakePrefix("=", text);
  const std::optional<float> limit = TakeNumber(text);
  if (!limit || !text.empty() || !std::isfinite(*limit)) {
    return std::nullopt;
  }
  const float end = above ? kInfinity : -kInfinity;
  const float nearest = included ? *limit : std::nextafter(*limit, end);
  return above ? InvalidValues::Range{nearest, end} : InvalidValues::Range{end, nearest};
}

// A value or a range; what is not finite is a range without values.
std::optional<InvalidValues::Range> ParseRange(std::string_view text) {
  if (const auto bound = TakeBound(text)) {
    return bound;
  }
  const std::optional<float> low = TakeNumber(text);
  if (!low) {
    return std::nullopt;
  }
  if (text.empty()) {
    return InvalidValues::Range{*low, *low};
  }
  const bool range = TakePrefix("..", text) || TakePrefix("-", text);
  const std::optional<float> high = range ? TakeNumber(text) : std::nullopt;
  if (!high || !text.empty() || !(*low <= *high) || std::isinf(*low) || std::isinf(*high)) {
    return std::nullopt;
  }
  return InvalidValues::Range{*low, *high};
}

}  // namespace

InvalidValues::InvalidValues(float value) {
  Add(value, value);
}

InvalidValues::InvalidValues(std::optional<float> value) {
  if (value) {
    Add(*value, *value);
  }
}

void InvalidValues::Add(float low, float high) {
  if (!(low <= high)) {
    throw ArgumentError("invalid values from " + DigitsText(low) + " to " + DigitsText(high) +
                        ", expected the smaller one first");
  }
  ranges_.push_back({low, high});
}

bool InvalidValues::Contains(float value) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [value](const Range& range) {
    return range.low <= value && value <= range.high;
  });
}

std::optional<float> InvalidValues::mark() const {
  const auto single = std::find_if(ranges_.begin(), ranges_.end(),
                                   [](const Range& range) { return range.low == range.high; });
  return single == ranges_.end() ? std::nullopt : std::optional<float>(single->low);
}

InvalidValues ParseInvalidValues(const std::string& text) {
  InvalidValues values;
  std::string_view left = text;
  for (;;) {
    const std::size_t comma = left.find(',');
    const std::string part(left.substr(0, comma));
    const auto range = ParseRange(part);
    if (!range) {
      throw ArgumentError("'" + part +
                          "' is neither a value nor a range; expected, with commas between them, "
                          "values such as 0 or nan and ranges such as >8000, <=0.1 or 100..200");
    }
    if (std::isfinite(range->low) || std::isfinite(range->high)) {
      values.Add(range->low, range->high);
    }
    if (comma == std::string_view::npos) {
      return values;
    }
    left.remove_prefix(comma + 1);
  }
}

}  // namespace dkn
