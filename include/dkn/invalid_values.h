#ifndef DKN_INVALID_VALUES_H_
#define DKN_INVALID_VALUES_H_

#include <optional>
#include <string>
#include <vector>

#include "dkn/export.h"

namespace dkn {

// Which values of a target stand for no measurement, beside those that are not finite: single ones
// and ranges.
class DKN_EXPORT InvalidValues {
 public:
  // None.
  InvalidValues() = default;
  // One.
  InvalidValues(float value);                 // NOLINT: a value is the usual case
  InvalidValues(std::optional<float> value);  // NOLINT: none without a value

  // Adds the values from `low` to `high`, both included; infinite: without a limit. Throws
  // ArgumentError unless low <= high.
  void Add(float low, float high);

  bool empty() const { return ranges_.empty(); }
  bool Contains(float value) const;

  struct Range {
    float low;
    float high;
    bool operator==(const Range&) const = default;
  };
  const std::vector<Range>& ranges() const { return ranges_; }  // single values too

  // The first single value: what stands for holes in results. None: there is no single value.
  std::optional<float> mark() const;

  bool operator==(const InvalidValues&) const = default;

 private:
  std::vector<Range> ranges_;
};

// Reads values and ranges with commas between them, and no spaces: "0", "0,65535,>8000", "<0.1",
// ">=8000", "<=0", "100..200" (or "100-200"; both ends included), "nan" (as "inf" a hole in any
// case). Throws ArgumentError, which repeats what it does not understand, for anything else.
DKN_EXPORT InvalidValues ParseInvalidValues(const std::string& text);

}  // namespace dkn

#endif  // DKN_INVALID_VALUES_H_
