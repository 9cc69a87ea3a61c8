#include "dkn/precision.h"

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

}  // namespace dkn
