#ifndef DKN_SRC_SYNTH_PICTURES_H_
#define DKN_SRC_SYNTH_PICTURES_H_

#include <string>
#include <vector>

#include "dkn/image.h"
#include "src/synth/render.h"
#include "src/synth/scene.h"

namespace dkn {

// Pictures of a room from one place that filters are measured with, besides its own.
enum class PictureKind {
  kPlain,    // without texture: geometry, light and shadows alone
  kNoflash,  // the room's own light; the truth where noise is to be removed
  kNoisy,    // the same by a poor camera (AddCameraNoise)
  kFlash,    // lit from beside the camera: other shadows, other highlights, no colour of lamps
  kNir,      // near infrared, lit from beside the camera: other contrasts, one channel
};

// plain, noflash, noisy, flash, nir. Any other name throws Error, which lists them.
PictureKind ParsePicture(const std::string& name);
std::string ToString(PictureKind kind);
std::string PictureNames();  // all of them, by commas

// The scene with textures of other sizes: the same patterns, `factor` times as large, > 0. Posters
// on walls are pictures of something and stay.
Scene WithTextureSize(Scene scene, double factor);

// The scene whose surfaces have the mean colour of their texture each. Posters stay.
Scene WithoutTexture(Scene scene);

// The scene lit by one small white light beside the camera, all others out.
Scene ByFlash(Scene scene);

// The scene as a camera of near infrared sees it by its own light. Reflectance there has little to
// do with colour: some patterns vanish, some are dark where they were bright. Posters are blank, as
// dyes let infrared pass.
Scene InInfrared(Scene scene);

struct CameraNoise {
  double electrons = 100.0;  // for white
  double read_noise = 2.0;   // electrons, standard deviation
};

// A picture of the scene: 3 channels, or 1 of kNir, in [0, 1]. `noise` is that of kNoisy; the
// others have none. options.seed drives it; there are twice as many samples as options.samples.
Image RenderPicture(const Scene& scene, PictureKind kind, const SceneOptions& options,
                    const CameraNoise& noise);

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_PICTURES_H_
