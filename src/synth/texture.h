#ifndef DKN_SRC_SYNTH_TEXTURE_H_
#define DKN_SRC_SYNTH_TEXTURE_H_

#include <cstdint>

#include "src/synth/vec3.h"

namespace dkn {

enum class Pattern {
  kPlain,    // one colour with faint clouds
  kPlanks,   // wooden boards along u
  kTiles,    // square tiles with joints
  kBricks,   // running bond
  kStripes,  // upright stripes
  kDots,     // discs on a diagonal grid
  kChecks,   // two sets of bands crossing, as in woven cloth
  kMarble,   // veins
  kPoster,   // a framed composition of discs and bars
  kFlat,     // the main colour alone
};

struct Texture {
  Pattern pattern = Pattern::kPlain;
  Vec3 first = {0.5, 0.5, 0.5};   // main colour: linear R,G,B in [0, 1]
  Vec3 second = {0.4, 0.4, 0.4};  // joints, stripes, dots, veins
  double size = 0.3;              // metres: one tile, board width, period; of a poster, its height
  std::uint64_t seed = 0;
};

struct Material {
  Texture texture;
  double gloss = 0.0;  // strength of the highlight, 0 to 1
};

// The texture's colour, linear and in [0, 1], at (u, v) in metres.
Vec3 TextureColor(const Texture& texture, double u, double v);

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_TEXTURE_H_
