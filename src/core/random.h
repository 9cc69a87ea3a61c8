#ifndef DKN_SRC_CORE_RANDOM_H_
#define DKN_SRC_CORE_RANDOM_H_

#include <cstdint>
#include <random>

#include "src/core/hash.h"

namespace dkn {

// The upper 53 bits as a number of [0, 1).
inline double UnitInterval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// Random numbers that are the same on every machine. The standard fixes the engine's output but not
// that of its distributions, hence ours. Two calls inside one expression must stand in braces: only
// there is their order fixed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Bits() { return engine_(); }
  // Uniform over [low, high).
  double Uniform(double low, double high) { return low + (high - low) * UnitInterval(engine_()); }
  // Uniform over 0 .. count - 1.
  int Index(int count) { return static_cast<int>(UnitInterval(engine_()) * count); }
  bool Chance(double probability) { return UnitInterval(engine_()) < probability; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace dkn

#endif  // DKN_SRC_CORE_RANDOM_H_
