#ifndef DKN_SRC_SYNTH_SCENE_H_
#define DKN_SRC_SYNTH_SCENE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "src/synth/shape.h"
#include "src/synth/vec3.h"

namespace dkn {

// A pinhole camera. Pixel (x, y) of a w x h picture looks along
// forward + ((x + 0.5 - w / 2) * right + (y + 0.5 - h / 2) * down) / (focal * w).
struct Camera {
  Vec3 origin;
  Vec3 right = {1, 0, 0};
  Vec3 down = {0, -1, 0};
  Vec3 forward = {0, 0, 1};
  double focal = 0.9;  // focal length over picture width
};

struct Light {
  Vec3 position;
  double radius = 0.0;  // metres; above 0 the shadows have soft edges
  Vec3 power;           // irradiance at a distance of one metre
};

// The world in metres: x to the right, y up, z into the picture.
struct Scene {
  Shape room;                       // the walls around everything else: kind kRoom
  std::array<Material, 6> surface;  // of the room's faces, numbered as SurfacePoint::face
  std::vector<Shape> shapes;
  std::vector<Light> lights;
  Vec3 ambient = {0.42, 0.41, 0.40};  // irradiance from all around
  Camera camera;
};

// A furnished room drawn at random; the same for the same seed on every machine. Things stand in
// front of the walls: table, chair, shelf, boxes, spheres, poles. Some have the colour of what is
// behind them.
Scene RandomScene(std::uint64_t seed);

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_SCENE_H_
