#ifndef DKN_SRC_FIGURES_KERNEL_FIGURE_H_
#define DKN_SRC_FIGURES_KERNEL_FIGURE_H_

#include <string>
#include <vector>

#include "dkn/image.h"

namespace dkn::figures {

// Paper: Fig. 17, kernels drawn at the pixels that they belong to. X goes to the right, Y down,
// pixel centres are whole numbers. All pictures are R,G,B in [0, 1].

// One weight of a kernel.
struct KernelSample {
  float x = 0.0f;  // in the image, in pixels; may lie beyond its border
  float y = 0.0f;
  float weight = 0.0f;
};

// The kernel of pixel (x, y).
struct PixelKernel {
  int x = 0;
  int y = 0;
  std::vector<KernelSample> samples;
};

// The colours of weights: blue through white to red, from -largest to largest, where a weight is
// negative; else black to bright, from 0.
struct WeightScale {
  float largest = 0.0f;
  bool with_sign = false;
};

// The square of 2 * radius + 1 pixels around a pixel, each drawn as cell x cell.
struct Snippet {
  int x = 0;
  int y = 0;
  int radius = 9;
  int cell = 25;
};

// The scale that shows every weight, and what SplatKernel gives, without saturation.
WeightScale ScaleOf(const PixelKernel& kernel, int radius);

// Paper, Section 5: the kernel "on a discrete regular grid using bilinear interpolation". Each
// weight is shared among the four pixels around its place; (radius, radius) is the kernel's pixel.
// Weights that lie outside the square of 2 * radius + 1 pixels are left out.
Image SplatKernel(const PixelKernel& kernel, int radius);

// The snippet of `picture` (1 or 3 channels in [0, 1], grey beyond its border) with a marker at
// each sample, in the weight's colour, its area growing with |weight|; a dotted frame around the
// `window` x `window` pixels that may be sampled, and a blue dot in the pixel itself. Throws Error
// when radius is below 0, cell below 1, the figure absurdly large, or the channels are others.
Image DrawSnippet(ConstView picture, const Snippet& snippet, const PixelKernel& kernel,
                  const WeightScale& scale, int window);

// SplatKernel in the colours of the scale, with the window's frame, a cross at each sample and a
// frame around the pixel itself. Throws Error as DrawSnippet does.
Image DrawHeatMap(const Snippet& snippet, const PixelKernel& kernel, const WeightScale& scale,
                  int window);

struct KernelFigureOptions {
  std::string target_title = "Target";
  std::string result_title = "Result";
  std::string kernel_title = "Kernel";
  int window = 15;
  int radius = 9;  // pixels of the snippets around the pixel, 1 to 100
};

// Row 1: guide, target and result with the snippets' frames, numbered, where there are several.
// Then, for each kernel, the snippet of the guide, the snippet of the target, grey from its
// smallest to its largest value, and the heat map, with the scale of the weights.
//   guide   1 or 3 channels in [0, 1]
//   target  1 channel in any unit, at the guide's size, and so is `result`
// Throws Error where sizes differ, there is no kernel, a kernel's pixel is outside, or the radius.
Image KernelFigure(ConstView guide, ConstView target, ConstView result,
                   const std::vector<PixelKernel>& kernels, const KernelFigureOptions& options);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_KERNEL_FIGURE_H_
