#ifndef DKN_SRC_SENSORS_COLOUR_NUMBER_H_
#define DKN_SRC_SENSORS_COLOUR_NUMBER_H_

#include <algorithm>
#include <cstdint>

#include "dkn/image.h"
#include "src/core/hash.h"
#include "src/core/random.h"

namespace dkn::sensors {

// A number of [0, 1) that belongs to the guide's colour there, six levels a channel: what has one
// colour is one material.
inline float ColourNumber(ConstView guide, int x, int y, std::uint64_t seed) {
  constexpr int kLevels = 6;
  std::uint64_t colour = 0;
  for (int c = 0; c < guide.channels; ++c) {
    const float level = std::clamp(guide(x, y, c), 0.0f, 0.999f) * kLevels;
    colour = colour * kLevels + static_cast<std::uint64_t>(level);
  }
  return static_cast<float>(UnitInterval(Hash(Hash(seed) + colour)));
}

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_COLOUR_NUMBER_H_
