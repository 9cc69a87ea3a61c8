#ifndef DKN_SRC_SYNTH_MATERIALS_H_
#define DKN_SRC_SYNTH_MATERIALS_H_

#include "src/core/random.h"
#include "src/synth/texture.h"

namespace dkn {

// A colour of any hue, linear R,G,B, whose saturation and brightest channel lie in the given
// ranges: saturation from a tenth of `max_saturation` up.
Vec3 RandomColor(Random& random, double max_saturation, double low_value, double high_value);

Material Wood(Random& random);
Material FloorMaterial(Random& random);
Material WallMaterial(Random& random);
Material ObjectMaterial(Random& random);
// One colour, with the faint clouds of Pattern::kPlain.
Material Paint(const Vec3& color, double gloss);

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_MATERIALS_H_
