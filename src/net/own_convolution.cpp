#include "src/net/own_convolution.h"

#include <string>

#include "src/net/direct_convolution.h"
#include "src/net/machine.h"
#include "src/net/winograd.h"

namespace dkn {

std::optional<OwnAlgorithm> ChooseOwnConvolution(const Layer& layer, bool winograd) {
  const std::string set = InstructionSet();
  const bool arm = set == "NEON";
  if (winograd && (arm || set.starts_with("AVX2")) && WinogradConvolution::Fits(layer)) {
    return OwnAlgorithm::kWinograd;
  }
  return arm && layer.groups == 1 ? std::optional(OwnAlgorithm::kDirect) : std::nullopt;
}

std::unique_ptr<OwnConvolution> MakeOwnConvolution(OwnAlgorithm algorithm, const Layer& layer,
                                                   std::span<const float> weights,
                                                   std::span<const float> bias) {
  if (algorithm == OwnAlgorithm::kWinograd) {
    return std::make_unique<WinogradConvolution>(layer, weights, bias);
  }
  return std::make_unique<DirectConvolution>(layer, weights, bias);
}

std::size_t OwnScratchFloats(OwnAlgorithm algorithm, const Layer& layer, int threads) {
  return algorithm == OwnAlgorithm::kWinograd ? WinogradConvolution::ScratchFloats(layer, threads)
                                              : DirectConvolution::ScratchFloats(layer, threads);
}

}  // namespace dkn
