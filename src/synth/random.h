#ifndef DKN_SRC_SYNTH_RANDOM_H_
#define DKN_SRC_SYNTH_RANDOM_H_

#include <cstdint>
#include <random>

namespace dkn {

// The upper 53 bits as a number of [0, 1).
inline double UnitInterval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// Mixes all bits: the finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom
// number generators, OOPSLA 2014).
inline std::uint64_t Hash(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
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

#endif  // DKN_SRC_SYNTH_RANDOM_H_
