#ifndef DKN_SRC_CORE_HALF_H_
#define DKN_SRC_CORE_HALF_H_

#include <bit>
#include <cstdint>

namespace dkn {

// IEEE 754's binary16 from its bits.
inline float FloatOfHalf(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t magnitude = half & 0x7fffu;
  // As float bits the exponent is 112 too small; the product mends that, of subnormals too. Inf and
  // NaN have the largest exponent. No branch, so that loops vectorise.
  constexpr float kTwoTo112 = 5192296858534827628530496329220096.0f;
  const std::uint32_t bits =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude << 13) * kTwoTo112);
  const std::uint32_t largest =
      0x7f800000u & (0u - static_cast<std::uint32_t>(magnitude >= 0x7c00));
  return std::bit_cast<float>(sign | bits | largest);
}

// The nearest half's bits, ties to even; Inf for what is too large, a NaN for NaN.
inline std::uint16_t HalfOfFloat(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  std::uint32_t half = 0;
  if (magnitude > 0x7f800000u) {
    half = 0x7e00;
  } else if (magnitude >= 0x477ff000u) {  // 65520 and more
    half = 0x7c00;
  } else if (magnitude < 0x38800000u) {  // below 2^-14: units of 2^-24, which the sum rounds to
    constexpr float kHalf = 0.5f;
    half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + kHalf) -
           std::bit_cast<std::uint32_t>(kHalf);
  } else {
    half = (magnitude - (112u << 23) + 0xfff + (magnitude >> 13 & 1)) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_HALF_H_
