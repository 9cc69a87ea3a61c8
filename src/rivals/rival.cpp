#include "src/rivals/rival.h"

#include <algorithm>

#include "dkn/error.h"

namespace dkn {

#define DKN_RIVAL(name, rival, summary) Rival rival();
#include "src/rivals/rivals.inc"
#undef DKN_RIVAL

namespace {

struct Entry {
  const char* name;
  Rival (*rival)();
  const char* summary;
};

constexpr Entry kRivals[] = {
#define DKN_RIVAL(name, rival, summary) {#name, rival, summary},
#include "src/rivals/rivals.inc"
#undef DKN_RIVAL
};

}  // namespace

Image ThreeChannels(ConstView guide) {
  Image colours(guide.width, guide.height, 3);
  for (int c = 0; c < 3; ++c) {
    Copy(guide.Channel(std::min(c, guide.channels - 1)), colours.view().Channel(c));
  }
  return colours;
}

void Finish(const NetworkFrame& frame, const Image& given, View out) {
  for (int y = 0; y < out.height; ++y) {
    const float* base = frame.base.Row(y);
    const float* from = given.Row(std::min(y, given.height() - 1));
    float* to = out.Row(y);
    for (int x = 0; x < out.width; ++x) {
      to[x] = base[x] + frame.gain * from[std::min(x, given.width() - 1)];
    }
  }
}

std::vector<RivalInfo> ListRivals() {
  std::vector<RivalInfo> rivals;
  for (const Entry& entry : kRivals) {
    rivals.push_back({entry.name, entry.summary});
  }
  return rivals;
}

Rival FindRival(const std::string& name) {
  std::string known;
  for (const Entry& entry : kRivals) {
    if (name == entry.name) {
      return entry.rival();
    }
    known += std::string(known.empty() ? "" : ", ") + entry.name;
  }
  throw MethodError("no network is named '" + name + "'; there are: " + known);
}

}  // namespace dkn
