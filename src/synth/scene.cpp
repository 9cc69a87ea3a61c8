#include "src/synth/scene.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "src/core/random.h"
#include "src/synth/materials.h"

namespace dkn {
namespace {

// A rotation about the upright axis by 2 * atan(half_tangent): rational, so exact to the last bit
// on every machine.
Axes Turned(double half_tangent) {
  const double scale = 1.0 / (1.0 + half_tangent * half_tangent);
  const double c = (1.0 - half_tangent * half_tangent) * scale;
  const double s = 2.0 * half_tangent * scale;
  return {Vec3{c, 0, -s}, Vec3{0, 1, 0}, Vec3{s, 0, c}};
}

// Axes whose y axis points along `up`, which must not be parallel to z.
Axes AlongY(const Vec3& up) {
  const Vec3 y = Normalize(up);
  const Vec3 x = Normalize(Cross(y, {0, 0, 1}));
  return {x, y, Cross(x, y)};
}

struct Footprint {
  double x;
  double z;
  double radius;
};

// Fills a scene thing by thing. Lengths in metres; the floor is at y = 0.
class SceneBuilder {
 public:
  explicit SceneBuilder(std::uint64_t seed) : random_(seed) {}

  Scene Build();

 private:
  void AddRoom();
  void AddCamera();
  void AddLights();
  void AddTable();
  void AddChair();
  // On the walls; `side` is -1 for the left of the back wall, 1 for the right.
  void AddShelf(double side);
  void AddPictures(double side);
  void AddRug();
  void AddBoxes();
  // Turned about the upright axis by up to a quarter of a turn.
  void AddTurnedBox(const Vec3& center, const Vec3& half);
  void AddSphere();
  void AddLamp();
  void AddUprightPole();
  void AddLeaningPole();
  void AddHidden();
  // Something small on a surface of height y.
  void AddItem(double x, double y, double z);

  void Add(ShapeKind kind, const Vec3& center, const Vec3& half, const Axes& axes,
           const Material& material) {
    scene_.shapes.push_back({kind, center, half, axes, material});
  }
  // A box given relative to a point of the floor and turned with it.
  void AddPart(const Vec3& floor, const Axes& axes, const Vec3& offset, const Vec3& half,
               const Material& material) {
    const Vec3 shift = offset.x * axes[0] + offset.y * axes[1] + offset.z * axes[2];
    Add(ShapeKind::kBox, floor + shift, half, axes, material);
  }
  // A free circle of the floor within the camera's view, if one is found.
  std::optional<Vec3> Place(double radius);

  double width() const { return 2.0 * scene_.room.half.x; }
  double height() const { return 2.0 * scene_.room.half.y; }
  double length() const { return 2.0 * scene_.room.half.z; }

  Random random_;
  Scene scene_;
  std::vector<Footprint> taken_;
};

std::optional<Vec3> SceneBuilder::Place(double radius) {
  const Camera& camera = scene_.camera;
  constexpr double kNearest = 1.5;  // from the camera
  for (int attempt = 0; attempt < 80; ++attempt) {
    const double z = random_.Uniform(camera.origin.z + kNearest + radius, length() - radius - 0.05);
    const double ahead = z - camera.origin.z;
    const double middle = camera.origin.x + ahead * camera.forward.x / camera.forward.z;
    const double x = middle + random_.Uniform(-0.5, 0.5) * ahead;
    if (std::abs(x) + radius + 0.05 > 0.5 * width()) {
      continue;
    }
    const bool free = std::all_of(taken_.begin(), taken_.end(), [&](const Footprint& other) {
      const double reach = radius + other.radius + 0.03;
      return (x - other.x) * (x - other.x) + (z - other.z) * (z - other.z) > reach * reach;
    });
    if (free) {
      taken_.push_back({x, z, radius});
      return Vec3{x, 0.0, z};
    }
  }
  return std::nullopt;
}

void SceneBuilder::AddRoom() {
  const Vec3 half = {random_.Uniform(2.0, 2.8), random_.Uniform(1.2, 1.45),
                     random_.Uniform(2.1, 3.0)};
  scene_.room.kind = ShapeKind::kRoom;
  scene_.room.half = half;
  scene_.room.center = {0.0, half.y, half.z};
  const Material side = WallMaterial(random_);
  const Material back = random_.Chance(0.6) ? WallMaterial(random_) : side;
  const Material floor = FloorMaterial(random_);
  const Material ceiling = Paint({0.75, 0.75, 0.73}, 0.0);
  scene_.surface = {side, side, floor, ceiling, back, back};
}

void SceneBuilder::AddCamera() {
  const double yaw = random_.Uniform(-0.12, 0.12);
  const double pitch = random_.Uniform(0.14, 0.30);
  Camera& camera = scene_.camera;
  camera.origin = {random_.Uniform(-0.5, 0.5), random_.Uniform(1.35, 1.75), 0.35};
  camera.forward = Normalize({yaw, -pitch, 1.0});
  camera.right = Normalize(Cross({0, 1, 0}, camera.forward));
  camera.down = Cross(camera.forward, camera.right);
  camera.down = camera.down.y < 0.0 ? camera.down : -camera.down;
}

void SceneBuilder::AddLights() {
  const double warmth = random_.Uniform(0.0, 0.2);
  const Vec3 main_color = {1.0, 1.0 - 0.5 * warmth, 1.0 - warmth};
  const Vec3 main = {random_.Uniform(-0.35, 0.35) * width(), height() - 0.25,
                     random_.Uniform(0.3, 0.6) * length()};
  scene_.lights.push_back({main, 0.10, random_.Uniform(3.6, 4.6) * main_color});
  const double side = random_.Chance(0.5) ? 1.0 : -1.0;
  const Vec3 window = {0.36 * side * width(), random_.Uniform(1.3, 1.8),
                       random_.Uniform(0.1, 0.3) * length()};
  scene_.lights.push_back({window, 0.10, random_.Uniform(1.2, 2.0) * Vec3{0.85, 0.93, 1.0}});
}

void SceneBuilder::AddItem(double x, double y, double z) {
  const Material material = ObjectMaterial(random_);
  const Axes axes = Turned(random_.Uniform(-0.9, 0.9));
  const int kind = random_.Index(3);
  if (kind == 0) {
    const double radius = random_.Uniform(0.05, 0.11);
    Add(ShapeKind::kSphere, {x, y + radius, z}, {radius, 0, 0}, axes, material);
  } else if (kind == 1) {
    const Vec3 half = {random_.Uniform(0.04, 0.12), random_.Uniform(0.03, 0.14),
                       random_.Uniform(0.04, 0.10)};
    Add(ShapeKind::kBox, {x, y + half.y, z}, half, axes, material);
  } else {
    const Vec3 half = {random_.Uniform(0.03, 0.07), random_.Uniform(0.06, 0.16), 0.0};
    Add(ShapeKind::kCylinder, {x, y + half.y, z}, half, axes, material);
    if (random_.Chance(0.5)) {  // a bottle's neck
      Add(ShapeKind::kCylinder, {x, y + 2.0 * half.y + 0.04, z}, {0.4 * half.x, 0.04, 0.0}, axes,
          material);
    }
  }
}

void SceneBuilder::AddTable() {
  const Vec3 half = {random_.Uniform(0.45, 0.7), random_.Uniform(0.34, 0.38),
                     random_.Uniform(0.28, 0.4)};
  const auto floor = Place(0.9 * Length({half.x, 0.0, half.z}));
  if (!floor) {
    return;
  }
  const Axes axes = Turned(random_.Uniform(-0.25, 0.25));
  const Material wood = Wood(random_);
  constexpr double kTop = 0.018;  // half the board's thickness
  constexpr double kLeg = 0.025;  // half the leg's width
  AddPart(*floor, axes, {0, 2.0 * half.y, 0}, {half.x, kTop, half.z}, wood);
  for (const double side : {-1.0, 1.0}) {
    for (const double end : {-1.0, 1.0}) {
      AddPart(*floor, axes, {side * (half.x - 0.04), half.y, end * (half.z - 0.04)},
              {kLeg, half.y - kTop, kLeg}, wood);
    }
  }
  const int items = 2 + random_.Index(3);
  for (int i = 0; i < items; ++i) {  // each in a part of the board of its own
    const double along = half.x * (2.0 * (i + random_.Uniform(0.35, 0.65)) / items - 1.0);
    const double across = half.z * random_.Uniform(-0.6, 0.6);
    const Vec3 place = *floor + along * axes[0] + across * axes[2];
    AddItem(place.x, 2.0 * half.y + kTop, place.z);
  }
}

void SceneBuilder::AddChair() {
  const auto floor = Place(0.3);
  if (!floor) {
    return;
  }
  const Axes axes = Turned(random_.Uniform(-1.0, 1.0));
  const Material wood = random_.Chance(0.5) ? Wood(random_) : ObjectMaterial(random_);
  constexpr double kHalf = 0.2;
  constexpr double kLeg = 0.017;
  constexpr double kSeat = 0.45;
  constexpr double kBack = 0.9;
  AddPart(*floor, axes, {0, kSeat, 0}, {kHalf + 0.01, 0.015, kHalf + 0.01}, wood);
  for (const double side : {-1.0, 1.0}) {
    const double x = side * (kHalf - kLeg);
    AddPart(*floor, axes, {x, 0.5 * kSeat, -kHalf + kLeg}, {kLeg, 0.5 * kSeat, kLeg}, wood);
    AddPart(*floor, axes, {x, 0.5 * kBack, kHalf - kLeg}, {kLeg, 0.5 * kBack, kLeg}, wood);
  }
  for (const double y : {0.60, 0.72, 0.84}) {  // slats of the back
    AddPart(*floor, axes, {0, y, kHalf - kLeg}, {kHalf - 2.0 * kLeg, 0.025, 0.008}, wood);
  }
}

void SceneBuilder::AddShelf(double side) {
  const Material wood = Wood(random_);
  const double y = random_.Uniform(1.15, 1.5);
  const double half_width = random_.Uniform(0.4, 0.7);
  const double x = side * random_.Uniform(0.16, 0.3) * width();
  constexpr double kHalfDepth = 0.12;
  const double z = length() - kHalfDepth;
  Add(ShapeKind::kBox, {x, y, z}, {half_width, 0.013, kHalfDepth}, kWorldAxes, wood);
  double at = x - half_width + random_.Uniform(0.02, 0.2);
  const double end = x + half_width * random_.Uniform(0.1, 0.7);
  while (true) {  // books, side by side
    const Vec3 half = {random_.Uniform(0.010, 0.028), random_.Uniform(0.085, 0.15),
                       random_.Uniform(0.07, 0.10)};
    if (at + 2.0 * half.x > end) {
      break;
    }
    const Material cover = Paint(RandomColor(random_, 0.8, 0.1, 0.7), 0.1);
    Add(ShapeKind::kBox, {at + half.x, y + 0.013 + half.y, z}, half, kWorldAxes, cover);
    at += 2.0 * half.x + 0.001;
  }
  if (end + 0.12 < x + half_width) {
    AddItem(x + half_width - 0.12, y + 0.013, z - 0.01);
  }
}

void SceneBuilder::AddPictures(double side) {
  const Material frame = Paint(RandomColor(random_, 0.4, 0.05, 0.5), 0.2);
  for (const int wall : {-1, 0, 1}) {  // left, back, right
    if (random_.Chance(0.25)) {
      continue;
    }
    const double high = random_.Uniform(0.25, 0.42);
    const double wide = random_.Uniform(0.2, 0.5);
    const double y = random_.Uniform(1.35, 1.75);
    Vec3 center = {0.5 * wall * width(), y, random_.Uniform(0.55, 0.85) * length()};
    if (wall == 0) {
      center = {side * random_.Uniform(0.14, 0.3) * width(), y, length()};
    }
    const Vec3 first = RandomColor(random_, 0.6, 0.3, 0.8);
    const Vec3 second = RandomColor(random_, 0.6, 0.1, 0.6);
    const Material poster = {{Pattern::kPoster, first, second, 2.0 * high, random_.Bits()}, 0.0};
    // Centres lie on the wall: the picture stands out by 10 mm, the frame around it by 8 mm.
    const auto half = [&](double margin, double thick) {
      return wall == 0 ? Vec3{wide + margin, high + margin, thick}
                       : Vec3{thick, high + margin, wide + margin};
    };
    Add(ShapeKind::kBox, center, half(0.0, 0.010), kWorldAxes, poster);
    Add(ShapeKind::kBox, center, half(0.025, 0.008), kWorldAxes, frame);
  }
}

void SceneBuilder::AddRug() {
  const Vec3 half = {random_.Uniform(0.5, 1.0), 0.004, random_.Uniform(0.4, 0.8)};
  const Vec3 center = {random_.Uniform(-0.6, 0.6), half.y, random_.Uniform(0.5, 0.7) * length()};
  Material cloth = ObjectMaterial(random_);
  cloth.gloss = 0.0;
  cloth.texture.size *= 2.0;
  Add(ShapeKind::kBox, center, half, Turned(random_.Uniform(-0.3, 0.3)), cloth);
}

void SceneBuilder::AddBoxes() {
  const Vec3 half = {random_.Uniform(0.14, 0.34), random_.Uniform(0.12, 0.36),
                     random_.Uniform(0.14, 0.30)};
  const auto floor = Place(Length({half.x, 0.0, half.z}));
  if (!floor) {
    return;
  }
  AddTurnedBox({floor->x, half.y, floor->z}, half);
  if (random_.Chance(0.5)) {
    const Vec3 upper = {0.7 * half.x, random_.Uniform(0.06, 0.16), 0.7 * half.z};
    AddTurnedBox({floor->x, 2.0 * half.y + upper.y, floor->z}, upper);
  } else {
    AddItem(floor->x, 2.0 * half.y, floor->z);
  }
}

void SceneBuilder::AddTurnedBox(const Vec3& center, const Vec3& half) {
  const Axes axes = Turned(random_.Uniform(-1.0, 1.0));
  Add(ShapeKind::kBox, center, half, axes, ObjectMaterial(random_));
}

void SceneBuilder::AddSphere() {
  const double radius = random_.Uniform(0.10, 0.30);
  if (const auto floor = Place(radius)) {
    const Axes axes = AlongY({random_.Uniform(-1.0, 1.0), 1.0, random_.Uniform(-1.0, 1.0)});
    Add(ShapeKind::kSphere, {floor->x, radius, floor->z}, {radius, 0, 0}, axes,
        ObjectMaterial(random_));
  }
}

void SceneBuilder::AddLamp() {
  const auto floor = Place(0.18);
  if (!floor) {
    return;
  }
  const double top = random_.Uniform(1.2, 1.6);
  const Material metal = Paint(RandomColor(random_, 0.15, 0.05, 0.5), 0.5);
  const auto column = [&](double y, double radius, double half) {
    return Shape{
        ShapeKind::kCylinder, {floor->x, y, floor->z}, {radius, half, 0}, kWorldAxes, metal};
  };
  scene_.shapes.push_back(column(0.015, 0.16, 0.015));
  scene_.shapes.push_back(column(0.5 * top, 0.013, 0.5 * top));
  if (random_.Chance(0.5)) {
    const double radius = random_.Uniform(0.12, 0.2);
    Shape shade = column(top, radius, random_.Uniform(0.09, 0.14));
    shade.material = Paint(RandomColor(random_, 0.4, 0.5, 0.9), 0.0);
    scene_.shapes.push_back(shade);
  } else {
    const double radius = random_.Uniform(0.1, 0.15);
    Add(ShapeKind::kSphere, {floor->x, top, floor->z}, {radius, 0, 0}, kWorldAxes,
        Paint(RandomColor(random_, 0.3, 0.6, 0.9), 0.3));
  }
}

void SceneBuilder::AddUprightPole() {
  const double radius = random_.Uniform(0.012, 0.04);
  if (const auto floor = Place(radius)) {
    const double half = 0.5 * height();
    Add(ShapeKind::kCylinder, {floor->x, half, floor->z}, {radius, half, 0}, kWorldAxes,
        ObjectMaterial(random_));
  }
}

void SceneBuilder::AddLeaningPole() {
  const double radius = random_.Uniform(0.008, 0.022);
  if (const auto floor = Place(0.1)) {
    Vec3 lean = {random_.Uniform(-0.45, 0.45), 1.0, random_.Uniform(-0.25, 0.0)};
    const double half = random_.Uniform(0.5, 0.9);
    if (std::abs(floor->x + 2.0 * half * lean.x) > 0.5 * width() - 0.05) {
      lean.x = -lean.x;  // away from the wall
    }
    const Axes axes = AlongY(lean);
    Add(ShapeKind::kCylinder, *floor + half * axes[1], {radius, half, 0}, axes,
        ObjectMaterial(random_));
  }
}

// A box in the floor's material and one in that of the back wall: edges of depth with little
// contrast in colour.
void SceneBuilder::AddHidden() {
  const Material materials[] = {scene_.surface[2], scene_.surface[5]};
  for (const Material& material : materials) {
    const Vec3 half = {random_.Uniform(0.12, 0.25), random_.Uniform(0.08, 0.3),
                       random_.Uniform(0.12, 0.25)};
    if (const auto floor = Place(Length({half.x, 0.0, half.z}))) {
      AddPart(*floor, Turned(random_.Uniform(-0.5, 0.5)), {0, half.y, 0}, half, material);
    }
  }
}

Scene SceneBuilder::Build() {
  AddRoom();
  AddCamera();
  AddLights();
  AddTable();
  AddChair();
  const double side = random_.Chance(0.5) ? 1.0 : -1.0;
  AddPictures(side);
  AddShelf(-side);
  AddRug();
  AddUprightPole();
  AddLeaningPole();
  AddLamp();
  AddHidden();
  const int boxes = 2 + random_.Index(3);
  for (int i = 0; i < boxes; ++i) {
    AddBoxes();
  }
  const int spheres = 1 + random_.Index(3);
  for (int i = 0; i < spheres; ++i) {
    AddSphere();
  }
  AddLeaningPole();
  return scene_;
}

}  // namespace

Scene RandomScene(std::uint64_t seed) {
  return SceneBuilder(seed).Build();
}

}  // namespace dkn
