#include "src/synth/pictures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/hash.h"
#include "src/core/named_values.h"
#include "src/core/random.h"
#include "src/imaging/noise.h"
#include "src/synth/texture.h"

namespace dkn {
namespace {

constexpr NamedValue<PictureKind> kPictures[] = {{"plain", PictureKind::kPlain},
                                                 {"noflash", PictureKind::kNoflash},
                                                 {"noisy", PictureKind::kNoisy},
                                                 {"flash", PictureKind::kFlash},
                                                 {"nir", PictureKind::kNir}};

// change(texture) for each surface and thing.
template <typename Change>
void ForEachTexture(Scene& scene, const Change& change) {
  for (Material& material : scene.surface) {
    change(material.texture);
  }
  for (Shape& shape : scene.shapes) {
    change(shape.material.texture);
  }
}

// Over 16 periods in each direction, at 97 places: no period divides their distance.
Vec3 MeanColor(const Texture& texture) {
  constexpr int kPlaces = 97;
  const double step = 16.0 * texture.size / kPlaces;
  Vec3 sum;
  for (int i = 0; i < kPlaces; ++i) {
    for (int j = 0; j < kPlaces; ++j) {
      sum = sum + TextureColor(texture, i * step, j * step);
    }
  }
  return (1.0 / (kPlaces * kPlaces)) * sum;
}

// What a dye of this colour reflects in near infrared: half chance, half its brightness.
double InfraredReflectance(const Vec3& color, std::uint64_t seed) {
  const double luma = 0.3 * color.x + 0.6 * color.y + 0.1 * color.z;
  const auto key = static_cast<std::uint64_t>(1e6 * (color.x + 2.0 * color.y + 4.0 * color.z));
  return std::clamp(0.15 + 0.35 * luma + 0.5 * UnitInterval(Hash(seed + Hash(key))), 0.0, 0.9);
}

}  // namespace

PictureKind ParsePicture(const std::string& name) {
  return ParseNamed(kPictures, name, "picture");
}

std::string ToString(PictureKind kind) {
  return NameOf(kPictures, kind);
}

std::string PictureNames() {
  std::string names;
  for (const auto& picture : kPictures) {
    names += (names.empty() ? "" : ", ") + std::string(picture.name);
  }
  return names;
}

Scene WithTextureSize(Scene scene, double factor) {
  ForEachTexture(scene, [factor](Texture& texture) {
    if (texture.pattern != Pattern::kPoster) {
      texture.size *= factor;
    }
  });
  return scene;
}

Scene WithoutTexture(Scene scene) {
  ForEachTexture(scene, [](Texture& texture) {
    if (texture.pattern != Pattern::kPoster) {
      texture = {Pattern::kFlat, MeanColor(texture), {}, texture.size, texture.seed};
    }
  });
  return scene;
}

Scene ByFlash(Scene scene) {
  const Camera& camera = scene.camera;
  const Vec3 place = camera.origin + 0.08 * camera.right - 0.10 * camera.down;
  scene.lights = {{place, 0.01, {9.0, 9.0, 9.0}}};
  scene.ambient = {0.10, 0.10, 0.10};
  return scene;
}

Scene InInfrared(Scene scene) {
  ForEachTexture(scene, [](Texture& texture) {
    const double first = InfraredReflectance(texture.first, texture.seed);
    // The print of one pattern in three does not show.
    const bool vanishes = Hash(texture.seed + 1) % 3 == 0;
    const double second = vanishes ? first : InfraredReflectance(texture.second, texture.seed + 2);
    texture.first = {first, first, first};
    texture.second = {second, second, second};
    if (texture.pattern == Pattern::kPoster) {
      texture.pattern = Pattern::kFlat;
    }
  });
  return ByFlash(std::move(scene));
}

Image RenderPicture(const Scene& scene, PictureKind kind, const SceneOptions& options,
                    const CameraNoise& noise) {
  SceneOptions clean = options;
  clean.noise = 0.0f;
  clean.samples = 2 * options.samples;  // the grain of soft shadows must not count as error
  switch (kind) {
    case PictureKind::kPlain:
      return RenderScene(WithoutTexture(scene), clean).rgb;
    case PictureKind::kFlash:
      return RenderScene(ByFlash(scene), clean).rgb;
    case PictureKind::kNir: {
      const RgbdImage image = RenderScene(InInfrared(scene), clean);
      return Image::Clone(image.rgb.view().Channel(0));
    }
    case PictureKind::kNoflash:
    case PictureKind::kNoisy:
      break;
  }
  Image picture = RenderScene(scene, clean).rgb;
  if (kind == PictureKind::kNoisy) {
    AddCameraNoise(picture, noise.electrons, noise.read_noise, options.seed);
  }
  return picture;
}

}  // namespace dkn
