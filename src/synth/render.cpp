#include "src/synth/render.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"
#include "src/core/random.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

// Rays that leave a surface start this far above it, in metres, so as not to meet it again.
constexpr double kSurfaceOffset = 1e-5;
constexpr double kOcclusionReach = 0.5;  // metres: what is nearer dims the ambient light

struct Bound {
  Vec3 center;
  double squared_radius;
};

// A scene with a sphere around each shape, to skip most of them cheaply.
class Tracer {
 public:
  explicit Tracer(const Scene& scene) : scene_(scene) {
    for (const Shape& shape : scene.shapes) {
      const double radius = shape.BoundingRadius();
      bounds_.push_back({shape.center, radius * radius * (1.0 + 1e-9)});
    }
  }

  // The nearest surface; `shape` is null where that is the room. The camera stands inside the room,
  // so there always is one.
  double Nearest(const Ray& ray, const Shape** shape) const {
    double nearest = Intersect(scene_.room, ray).value_or(0.0);
    *shape = nullptr;
    const double dd = Dot(ray.direction, ray.direction);
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      if (!Reaches(bounds_[i], ray, dd)) {
        continue;
      }
      const auto t = Intersect(scene_.shapes[i], ray);
      if (t && *t < nearest) {
        nearest = *t;
        *shape = &scene_.shapes[i];
      }
    }
    return nearest;
  }

  // Whether a shape lies between the ray's origin and origin + direction.
  bool Blocked(const Ray& ray) const {
    const double dd = Dot(ray.direction, ray.direction);
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      if (Reaches(bounds_[i], ray, dd)) {
        const auto t = Intersect(scene_.shapes[i], ray);
        if (t && *t < 1.0) {
          return true;
        }
      }
    }
    return false;
  }

  const Scene& scene() const { return scene_; }

 private:
  // Whether the line of the ray meets the sphere, by |c|^2 |d|^2 - (c.d)^2 <= r^2 |d|^2.
  static bool Reaches(const Bound& bound, const Ray& ray, double dd) {
    const Vec3 c = bound.center - ray.origin;
    const double cd = Dot(c, ray.direction);
    return (Dot(c, c) - bound.squared_radius) * dd <= cd * cd;
  }

  const Scene& scene_;
  std::vector<Bound> bounds_;
};

// A stream of numbers of its own for each sample of each pixel, so that no order of work matters.
class SampleRandom {
 public:
  SampleRandom(std::uint64_t seed, std::uint64_t sample) : state_(Hash(seed) + Hash(sample)) {}
  // Uniform over [-1, 1).
  double Next() { return 2.0 * UnitInterval(Hash(state_++)) - 1.0; }
  Vec3 NextInCube() { return {Next(), Next(), Next()}; }
  // Zero mean, standard deviation 1: a sum of 12 uniform numbers (variance 1/3 each) over 2.
  double NextNormal() {
    double sum = 0.0;
    for (int i = 0; i < 12; ++i) {
      sum += Next();
    }
    return 0.5 * sum;
  }

 private:
  std::uint64_t state_;
};

Ray PixelRay(const Camera& camera, double x, double y, int width, int height) {
  const double scale = 1.0 / (camera.focal * width);
  return {camera.origin, camera.forward + (scale * (x - 0.5 * width)) * camera.right +
                             (scale * (y - 0.5 * height)) * camera.down};
}

// Direct light: Lambert and a Blinn-Phong highlight, shadowed at a random point of each light.
Vec3 LitColor(const Tracer& tracer, const SurfacePoint& surface, const Vec3& albedo, double gloss,
              const Vec3& to_eye, SampleRandom& random) {
  const Vec3 start = surface.position + kSurfaceOffset * surface.normal;
  Vec3 sum;
  for (const Light& light : tracer.scene().lights) {
    const Vec3 to_light = light.position + light.radius * random.NextInCube() - start;
    const double cosine = Dot(surface.normal, to_light) / Length(to_light);
    if (cosine <= 0.0 || tracer.Blocked({start, to_light})) {
      continue;
    }
    const Vec3 irradiance = (1.0 / Dot(to_light, to_light)) * light.power;
    sum = sum + cosine * (irradiance * albedo);
    const double half = std::max(0.0, Dot(surface.normal, Normalize(to_eye + Normalize(to_light))));
    double power = half;
    for (int i = 0; i < 6; ++i) {
      power *= power;  // half to the 64th
    }
    sum = sum + (gloss * power) * irradiance;
  }
  return sum;
}

// Light from all around, less where the surroundings are close: one random ray, Lambert weighted.
Vec3 AmbientColor(const Tracer& tracer, const SurfacePoint& surface, const Vec3& albedo,
                  SampleRandom& random) {
  Vec3 direction = random.NextInCube();
  while (Dot(direction, direction) > 1.0 || Dot(direction, direction) < 1e-6) {
    direction = random.NextInCube();
  }
  direction = surface.normal + 0.999 * Normalize(direction);
  const Vec3 start = surface.position + kSurfaceOffset * surface.normal;
  const Ray ray = {start, (kOcclusionReach / Length(direction)) * direction};
  const auto wall = Intersect(tracer.scene().room, ray);
  const bool open = !tracer.Blocked(ray) && wall && *wall >= 1.0;
  return (open ? 1.0 : 0.5) * (tracer.scene().ambient * albedo);
}

Vec3 SampleColor(const Tracer& tracer, const Ray& ray, SampleRandom& random) {
  const Shape* shape = nullptr;
  const double t = tracer.Nearest(ray, &shape);
  const Scene& scene = tracer.scene();
  const SurfacePoint surface = SurfaceAt(shape != nullptr ? *shape : scene.room, ray, t);
  const Material& material =
      shape != nullptr ? shape->material : scene.surface[static_cast<std::size_t>(surface.face)];
  const Vec3 albedo = TextureColor(material.texture, surface.u, surface.v);
  const Vec3 lit =
      LitColor(tracer, surface, albedo, material.gloss, -Normalize(ray.direction), random);
  return lit + AmbientColor(tracer, surface, albedo, random);
}

void RenderRow(const Tracer& tracer, const SceneOptions& options, int y, RgbdImage& image) {
  const Camera& camera = tracer.scene().camera;
  const int per_axis = options.samples;
  const int samples = per_axis * per_axis;
  for (int x = 0; x < options.width; ++x) {
    const Shape* shape = nullptr;
    const Ray center = PixelRay(camera, x + 0.5, y + 0.5, options.width, options.height);
    // The direction's component along the optical axis is 1, so t is the depth.
    image.depth(x, y) = static_cast<float>(tracer.Nearest(center, &shape));

    const std::uint64_t pixel =
        static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(options.width) +
        static_cast<std::uint64_t>(x);
    SampleRandom random(options.seed, pixel);
    Vec3 sum;
    for (int i = 0; i < samples; ++i) {
      const double sub_x = (i % per_axis + 0.5) / per_axis;
      const double sub_y = (i / per_axis + 0.5) / per_axis;
      const Ray ray = PixelRay(camera, x + sub_x, y + sub_y, options.width, options.height);
      sum = sum + SampleColor(tracer, ray, random);
    }
    const double channels[3] = {sum.x, sum.y, sum.z};
    for (int c = 0; c < 3; ++c) {
      // A display curve of exponent 1/2: near sRGB's, and rounded alike on every machine.
      const double value = std::sqrt(channels[c] / samples) + options.noise * random.NextNormal();
      image.rgb(x, y, c) = static_cast<float>(std::clamp(value, 0.0, 1.0));
    }
  }
}

}  // namespace

RgbdImage RenderScene(const Scene& scene, const SceneOptions& options) {
  if (options.width < 1 || options.height < 1) {
    throw Error("scene of " + SizeText(options.width, options.height) +
                " pixels, expected 1 x 1 or more");
  }
  if (!(options.noise >= 0.0f && std::isfinite(options.noise))) {
    throw Error("scene noise is " + DigitsText(options.noise) + ", expected 0 or more");
  }
  if (options.samples < 1) {
    throw Error("scene of " + std::to_string(options.samples) + " samples, expected 1 or more");
  }
  const Tracer tracer(scene);
  RgbdImage image;
  image.rgb.Reset(options.width, options.height, 3);
  image.depth.Reset(options.width, options.height);
  ParallelFor(0, options.height, [&](int y) { RenderRow(tracer, options, y, image); });
  return image;
}

RgbdImage RenderScene(const SceneOptions& options) {
  return RenderScene(RandomScene(options.seed), options);
}

}  // namespace dkn
