#ifndef DKN_SRC_CORE_QUANTILE_H_
#define DKN_SRC_CORE_QUANTILE_H_

#include <algorithm>
#include <cstddef>
#include <vector>

namespace dkn {

// The value below which this share of the others lies, from 0 to 1: of the sorted values the
// nearest. There is one at least, and they are reordered.
inline float Quantile(std::vector<float>& values, double share) {
  const auto at = values.begin() +
                  static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_QUANTILE_H_
