#ifndef DKN_PRECISION_H_
#define DKN_PRECISION_H_

#include <string>

#include "dkn/export.h"

namespace dkn {

// The type of the values that a network's convolutions multiply; sums, and everything after the
// last convolution, are float. kBf16: bfloat16, rounded to 8 bits. kInt8: integers of 8 bits, whose
// ranges a model file tells; the layers that see an image itself stay in bf16 or fp32.
enum class Precision { kFp32, kBf16, kInt8 };

// "fp32", "bf16", "int8".
DKN_EXPORT std::string PrecisionName(Precision precision);
// The precision of this name. Throws Error for any other.
DKN_EXPORT Precision ParsePrecision(const std::string& name);

// `wanted`, or fp32 where the processor has no instructions for it (bf16 needs AVX-512 BF16, int8
// AVX-512 VNNI or AVX2 VNNI), or oneDNN's environment variable ONEDNN_MAX_CPU_ISA forbids them.
DKN_EXPORT Precision SupportedPrecision(Precision wanted);

}  // namespace dkn

#endif  // DKN_PRECISION_H_
