#include "src/dkn/stream_input.h"

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

ConstView Concatenate(ConstView guide, ConstView target, Image& storage) {
  storage.Reset(target.width, target.height, guide.channels + target.channels);
  for (int c = 0; c < storage.channels(); ++c) {
    Copy(c < guide.channels ? guide.Channel(c) : target.Channel(c - guide.channels),
         storage.view().Channel(c));
  }
  return storage;
}

}  // namespace dkn
