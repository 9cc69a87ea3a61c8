#ifndef DKN_SRC_CORE_SPLIT_MIX_H_
#define DKN_SRC_CORE_SPLIT_MIX_H_

#include <cstdint>

#include "src/core/hash.h"

namespace dkn {

// A small generator whose numbers are the same on every machine: SplitMix64, see Hash. Streams of
// one seed have nothing in common.
class SplitMix {
 public:
  SplitMix(std::uint64_t seed, std::uint64_t stream) : state_(seed) {
    state_ = Next() ^ (stream * 0xD1B54A32D192ED03ull);
  }
  std::uint64_t Next() {
    const std::uint64_t number = Hash(state_);
    state_ += 0x9E3779B97F4A7C15ull;
    return number;
  }
  // 0 <= result < count. The bias of % is below 2^-40 for counts below 2^24.
  int Below(int count) { return static_cast<int>(Next() % static_cast<std::uint64_t>(count)); }
  // Uniform over [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace dkn

#endif  // DKN_SRC_CORE_SPLIT_MIX_H_
