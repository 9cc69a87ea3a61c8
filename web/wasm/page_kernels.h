#ifndef DKN_WEB_WASM_PAGE_KERNELS_H_
#define DKN_WEB_WASM_PAGE_KERNELS_H_

#include <memory>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/model.h"
#include "dkn/upsampler.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"

namespace dkn {

// One pixel's kernel: of each tap where it samples, in pixels of the guide, its weight, and the
// level of the pyramid that it reads.
struct PixelKernel {
  std::vector<float> x;
  std::vector<float> y;
  std::vector<float> weight;
  std::vector<int> level;
};

// The kernels that a network upsamples a frame by, one pixel at a time: what `dkn inspect` tells.
class PageKernels {
 public:
  // Frames are copied; `model` is what an Upsampler with these options chose. Throws Error where
  // the target has several channels.
  PageKernels(const ConstFrame& guide, const ConstFrame& target, const ConstFrame& mask,
              const UpsamplerOptions& options, const std::string& model);

  // Throws Error where the pixel is outside the guide, and where the target is constant: no kernel
  // is used then. The network runs on what the pixel sees alone; the first time, where it fills
  // holes by its own results, on the whole frame as well.
  PixelKernel At(int x, int y);

 private:
  void Prepare();

  const UpsamplerOptions options_;
  const std::string model_name_;
  Image guide_;
  Measurement measurement_;
  std::unique_ptr<Model> model_;  // with all below, made when first needed
  Image target_;                  // what the network sees: at the guide's size, in [0, 1]
  Image mask_;
  Image samples_;
};

}  // namespace dkn

#endif  // DKN_WEB_WASM_PAGE_KERNELS_H_
