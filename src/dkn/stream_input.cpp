#include "src/dkn/stream_input.h"

#include <algorithm>
#include <cmath>

#include "src/imaging/luma.h"
#include "src/imaging/noise_level.h"

namespace dkn {

ConstView GuideChannels(ConstView guide, const Architecture& architecture, Image& storage) {
  const bool luma = architecture.guide == GuideInput::kLuma;
  const bool reversed = !luma && architecture.channel_order == ChannelOrder::kBgr;
  if (guide.channels == (luma ? 1 : 3) && !reversed) {
    return guide;
  }
  storage.Reset(guide.width, guide.height, luma ? 1 : 3);
  if (luma) {
    Luma(guide, storage);
    return storage;
  }
  for (int c = 0; c < 3; ++c) {
    const int from = guide.channels == 1 ? 0 : (reversed ? 2 - c : c);
    Copy(guide.Channel(from), storage.view().Channel(c));
  }
  return storage;
}

SampleFacts FactsOf(const FilterInput& input, int channel, const Architecture& architecture) {
  const MeasuredSamples samples =
      input.samples.values.empty() ? MeasuredSamples{input.target, input.mask} : input.samples;
  const ConstView values = samples.values.Channel(channel);
  SampleFacts facts;
  facts.log_ratio = 0.5f * std::log2(samples.step_x * samples.step_y);
  if (SeesNoise(architecture)) {
    facts.noise = NoiseLevel(values, samples.measured);
  }
  if (architecture.target == TargetInput::kCorrelatedNoise) {
    facts.correlated_noise =
        CorrelatedNoise(values, samples.measured, samples.step_x, samples.step_y);
  }
  return facts;
}

float CorrelatedNoise(ConstView samples, ConstView measured, double step_x, double step_y) {
  const auto apart = [](double step) {
    return std::max(1, static_cast<int>(std::lround(kCorrelationDistance / step)));
  };
  return NoiseLevel(samples, measured, {apart(step_x), apart(step_y)});
}

std::array<float, 3> SeenFacts(const SampleFacts& facts) {
  const auto seen = [](float noise) { return kNoiseScale * std::log2(1.0f + noise / kLeastNoise); };
  return {kLogRatioScale * facts.log_ratio, seen(facts.noise), seen(facts.correlated_noise)};
}

ConstView SeenTarget(ConstView values, ConstView mask, const SampleFacts& facts,
                     const Architecture& architecture, Image& storage) {
  if (architecture.target == TargetInput::kValues) {
    return values;
  }
  storage.Reset(values.width, values.height, TargetChannels(architecture));
  const std::size_t pixels = storage.size() / static_cast<std::size_t>(storage.channels());
  Copy(values, storage.view().Channel(0));
  std::fill_n(storage.data() + pixels, pixels, 1.0f);
  if (!mask.empty()) {
    Copy(mask, storage.view().Channel(1));
  }
  const std::array<float, 3> seen = SeenFacts(facts);
  for (int c = 2; c < storage.channels(); ++c) {
    std::fill_n(storage.data() + c * pixels, pixels, seen[c - 2]);
  }
  return storage;
}

ConstView Concatenate(ConstView guide, ConstView target, Image& storage) {
  storage.Reset(target.width, target.height, guide.channels + target.channels);
  for (int c = 0; c < storage.channels(); ++c) {
    Copy(c < guide.channels ? guide.Channel(c) : target.Channel(c - guide.channels),
         storage.view().Channel(c));
  }
  return storage;
}

}  // namespace dkn
