#ifndef DKN_SRC_DKN_TRAINING_KERNEL_H_
#define DKN_SRC_DKN_TRAINING_KERNEL_H_

#include "dkn/image.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/target_pyramid.h"

// The plain kernel in float and its derivatives, a vector of pixels at once, for training: what
// WeightedAverage and WeightedAverageGradient compute, but for rounding.
namespace dkn {

// Whether the grid is one that these compute: offsets limited to the window, and the nearest pixel
// read beyond the border.
bool HasTrainingKernel(const SamplingGrid<float>& grid);

void AverageForTraining(const TargetPyramid<float>& target, const ConstView& weights,
                        const ConstView& offsets, const SamplingGrid<float>& grid, const View& out,
                        const Lattice& lattice);

void GradientForTraining(const TargetPyramid<float>& target, const ConstView& weights,
                         const ConstView& offsets, const SamplingGrid<float>& grid,
                         const ConstView& out_gradient, const View& weights_gradient,
                         const View& offsets_gradient, const Lattice& lattice);

}  // namespace dkn

#endif  // DKN_SRC_DKN_TRAINING_KERNEL_H_
