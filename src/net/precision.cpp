#include "dkn/precision.h"

#include <oneapi/dnnl/dnnl.hpp>

#include "dkn/error.h"

namespace dkn {

std::string PrecisionName(Precision precision) {
  return precision == Precision::kBf16 ? "bf16" : "fp32";
}

Precision ParsePrecision(const std::string& name) {
  for (const Precision precision : {Precision::kFp32, Precision::kBf16}) {
    if (name == PrecisionName(precision)) {
      return precision;
    }
  }
  throw Error("expected fp32 or bf16");
}

Precision SupportedPrecision(Precision wanted) {
  // An instruction set's number has the bits of all that it includes.
  constexpr unsigned kNeeded = dnnl_cpu_isa_avx512_core_bf16;
  const unsigned has = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return wanted == Precision::kBf16 && (has & kNeeded) != kNeeded ? Precision::kFp32 : wanted;
}

}  // namespace dkn
