#include "src/dkn/network_parts.h"

#include <utility>

namespace dkn {

FdknParts::FdknParts(std::vector<Convolution> chain) {
  head.push_back(std::move(chain.back()));
  chain.pop_back();
  features = std::move(chain);
}

NetworkTypes FdknParts::FeatureTypes(Precision precision) {
  return {.hidden = precision, .output = precision, .outer_layout = ValueLayout::kBlocks};
}

NetworkTypes FdknParts::HeadTypes(Precision precision, float largest_feature) {
  return {.input = precision, .hidden = precision, .largest_input = largest_feature};
}

DownConvParts::DownConvParts(const std::vector<Convolution>& chain) {
  constexpr int kFirstDownConv = 1;
  constexpr int kSecondDownConv = 3;
  whole.assign(chain.begin(), chain.begin() + kFirstDownConv);
  halves.assign(chain.begin() + kFirstDownConv, chain.begin() + kSecondDownConv);
  quarters.assign(chain.begin() + kSecondDownConv, chain.end());
}

NetworkTypes DownConvParts::WholeTypes(Precision precision) {
  return {.hidden = precision, .output = precision};
}

NetworkTypes DownConvParts::HalvesTypes(Precision precision) const {
  return {precision, precision, precision, whole.back().largest_output};
}

NetworkTypes DownConvParts::QuartersTypes(Precision precision) const {
  return {.input = precision, .hidden = precision, .largest_input = halves.back().largest_output};
}

}  // namespace dkn
