#include "src/dkn/stream_input.h"

#include <algorithm>
#include <cmath>

#include "src/imaging/luma.h"

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

float LogRatio(const MeasuredSamples& samples) {
  return samples.values.empty()
             ? 0.0f
             : kLogRatioScale * 0.5f * std::log2(samples.step_x * samples.step_y);
}

ConstView SeenTarget(ConstView values, ConstView mask, float log_ratio,
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
  std::fill_n(storage.data() + 2 * pixels, pixels, log_ratio);
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
