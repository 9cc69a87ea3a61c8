#include "dkn/precision.h"

#include <oneapi/dnnl/dnnl.hpp>

#include "src/core/named_values.h"

namespace dkn {
namespace {

constexpr NamedValue<Precision> kPrecisions[] = {
    {"fp32", Precision::kFp32}, {"bf16", Precision::kBf16}, {"int8", Precision::kInt8}};

}  // namespace

std::string PrecisionName(Precision precision) {
  return NameOf(kPrecisions, precision);
}

Precision ParsePrecision(const std::string& name) {
  return ParseNamed(kPrecisions, name, "precision");
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
