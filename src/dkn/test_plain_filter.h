#ifndef DKN_SRC_DKN_TEST_PLAIN_FILTER_H_
#define DKN_SRC_DKN_TEST_PLAIN_FILTER_H_

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "src/dkn/heads.h"
#include "src/dkn/kernel_field.h"
#include "src/dkn/sampling.h"
#include "src/dkn/weighted_average.h"

// What tests hold the fast kernels against.
namespace dkn {

// Eq. (3) or (7) by the plain functions, for the pixels of the lattice.
inline Image PlainFilter(const Heads& heads, HeadLayout layout, ConstView target,
                         const Architecture& architecture, const Lattice& lattice = {}) {
  Image out((target.width - lattice.x + lattice.step - 1) / lattice.step,
            (target.height - lattice.y + lattice.step - 1) / lattice.step);
  const KernelField field = CombineKernels(heads, layout, out.width(), out.height(), architecture);
  WeightedAverage<float>(target, field.weights, field.offsets, SamplingGrid<float>(architecture),
                         out.view(), lattice);
  for (int y = 0; architecture.residual && y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      out(x, y) += target(lattice.x + lattice.step * x, lattice.y + lattice.step * y);
    }
  }
  return out;
}

}  // namespace dkn

#endif  // DKN_SRC_DKN_TEST_PLAIN_FILTER_H_
