#ifndef DKN_SRC_REPORT_INSPECTION_H_
#define DKN_SRC_REPORT_INSPECTION_H_

#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/model.h"
#include "src/dkn/target_pyramid.h"
#include "src/figures/kernel_figure.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"

namespace dkn::report {

// One tap of a pixel's kernel and what it reads.
struct TapReading {
  float x = 0.0f;  // where it samples, in the image, in pixels
  float y = 0.0f;
  int level = 0;  // of the target's pyramid, that it reads; 0: the finest
  double weight = 0.0;
  double value = 0.0;         // the target there, in its unit
  double contribution = 0.0;  // weight * (value - reference)
};

// Eq. (3) or (7) at one pixel, term by term: what upsampling gives there is target + sum. Kernels
// whose weights sum to 0 (Eq. (3)) or 1 (Eq. (7)) take no notice of `reference`, so that it is the
// target at the pixel: contributions then tell what each sample changes.
struct PixelReading {
  int x = 0;
  int y = 0;
  double target = 0.0;     // at the pixel, resampled to the guide's size, in its unit
  double reference = 0.0;  // without mean subtraction: the value that the network sees as 0
  std::vector<TapReading> taps;
  double sum = 0.0;     // of the contributions
  double result = 0.0;  // what Upsample gives
};

// How a network upsamples an image: all that Upsample computes, and the kernels.
class Inspection {
 public:
  // Guide and target as Upsample takes them, the target of one channel; holes (values that are not
  // finite) are filled, and what filled them last is what kernels read. Throws Error as Upsample
  // and Model::ComputeKernels do, and for a target of one value everywhere: no kernel is used then.
  Inspection(ConstView guide, ConstView target, const Model& model);

  const Image& target() const { return target_; }  // at the guide's size, in its unit
  const Image& result() const { return result_; }
  const Kernels& kernels() const { return kernels_; }

  // Throws Error when the pixel is outside the guide.
  PixelReading At(int x, int y) const;

 private:
  Image UpsampleMeasurement(ConstView guide, const Model& model, ValueRange range,
                            Measurement& measurement);

  Architecture architecture_;
  float low_ = 0.0f;  // the target's values that the network sees as 0 and 1
  float high_ = 0.0f;
  Image target_;
  Image sampled_;                 // as the network sees it: in [0, 1], padded
  Image mask_;                    // how much of it is measured; empty: all
  TargetPyramid<float> pyramid_;  // of it
  Image result_;
  Kernels kernels_;
};

// The kernel that was read, for a figure.
figures::PixelKernel KernelOf(const PixelReading& reading);

// A table of the taps, and below it the sum and both results.
std::string ReadingText(const PixelReading& reading);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_INSPECTION_H_
