#ifndef DKN_SRC_TRAIN_ROOMS_H_
#define DKN_SRC_TRAIN_ROOMS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "src/train/training_case.h"
#include "src/train/training_set.h"

namespace dkn::train {

// Rooms that dkn synth renders: exact depth, with thin things and without a sensor's smoothing.
struct Rooms {
  int count = 0;
  std::uint64_t first_seed = 0;  // the others follow
};

// Their pairs, in the unit of the other pairs and with their focal length: 4 by 3, 640 x 480 where
// `units` has none. What lies too far for 16 bits is the farthest. `rendered` is told after each
// room how many there are, of how many: a room of 640 x 480 takes seconds.
using RoomsRendered = std::function<void(int done, int all)>;
std::vector<RgbdPair> RenderRooms(const Rooms& rooms, const DepthUnits& units,
                                  const RoomsRendered& rendered = {});

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_ROOMS_H_
