#ifndef DKN_PRECISION_H_
#define DKN_PRECISION_H_

#include <string>

namespace dkn {

// The type of the values that a network's convolutions multiply; sums, and everything after the
// last convolution, are float. kBf16: bfloat16, rounded to 8 bits.
enum class Precision { kFp32, kBf16 };

// "fp32", "bf16".
std::string PrecisionName(Precision precision);
// The precision of this name. Throws Error for any other.
Precision ParsePrecision(const std::string& name);

// `wanted`, or fp32 where the processor has no instructions for it (bf16 needs AVX-512 BF16), or
// oneDNN's environment variable ONEDNN_MAX_CPU_ISA forbids them.
Precision SupportedPrecision(Precision wanted);

}  // namespace dkn

#endif  // DKN_PRECISION_H_
