#ifndef DKN_SRC_CORE_HASH_H_
#define DKN_SRC_CORE_HASH_H_

#include <cstdint>

namespace dkn {

// Mixes all bits: the finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom
// number generators, OOPSLA 2014).
inline std::uint64_t Hash(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_HASH_H_
