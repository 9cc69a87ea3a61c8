#ifndef DKN_SRC_SYNTH_RENDER_H_
#define DKN_SRC_SYNTH_RENDER_H_

#include <cstdint>

#include "dkn/image.h"
#include "src/synth/scene.h"

namespace dkn {

struct SceneOptions {
  std::uint64_t seed = 0;
  int width = 640;
  int height = 480;
  float noise = 0.01f;  // standard deviation of the camera's noise on colours in [0, 1]
  int samples = 3;      // colour samples in each direction of a pixel; more: less grain in shadows
};

struct RgbdImage {
  Image rgb;    // 3 channels in [0, 1], the mean of samples x samples a pixel
  Image depth;  // 1 channel, metres along the optical axis, exact at the pixel's centre
};

// The room of this seed: colour and depth from one viewpoint. Every machine and any number of
// threads gives the same bits. Throws Error when the size is below 1 x 1, the noise is negative or
// not finite, or there is no sample.
RgbdImage RenderScene(const SceneOptions& options);

// Renders a given scene; options.seed drives the noise alone.
RgbdImage RenderScene(const Scene& scene, const SceneOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_RENDER_H_
