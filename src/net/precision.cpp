#include "dkn/precision.h"

#include <oneapi/dnnl/dnnl.hpp>

#include "dkn/error.h"

namespace dkn {

std::string PrecisionName(Precision precision) {
  switch (precision) {
    case Precision::kBf16:
      return "bf16";
    case Precision::kInt8:
      return "int8";
    default:
      return "fp32";
  }
}

Precision ParsePrecision(const std::string& name) {
  for (const Precision precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
    if (name == PrecisionName(precision)) {
      return precision;
    }
  }
  throw Error("expected fp32, bf16 or int8");
}

Precision SupportedPrecision(Precision wanted) {
  const auto has = [set = static_cast<unsigned>(dnnl::get_effective_cpu_isa())](unsigned needed) {
    return (set & needed) == needed;  // an instruction set's number has the bits of all in it
  };
  const bool supported = wanted == Precision::kFp32 ||
                         (wanted == Precision::kBf16 && has(dnnl_cpu_isa_avx512_core_bf16)) ||
                         (wanted == Precision::kInt8 &&
                          (has(dnnl_cpu_isa_avx512_core_vnni) || has(dnnl_cpu_isa_avx2_vnni)));
  return supported ? wanted : Precision::kFp32;
}

}  // namespace dkn
