#ifndef DKN_TESTS_ACCURACY_ROOMS_H_
#define DKN_TESTS_ACCURACY_ROOMS_H_

#include <map>

#include "src/synth/render.h"

namespace dkn {

constexpr int kRoomWidth = 320;
constexpr int kRoomHeight = 240;

// Kept: to render a room takes longer than most of what is done with it.
inline const RgbdImage& Room(unsigned seed) {
  static std::map<unsigned, RgbdImage> rooms;
  const auto [room, is_new] = rooms.try_emplace(seed);
  if (is_new) {
    room->second = RenderScene({.seed = seed, .width = kRoomWidth, .height = kRoomHeight});
  }
  return room->second;
}

}  // namespace dkn

#endif  // DKN_TESTS_ACCURACY_ROOMS_H_
