#include "src/io/kernel_file.h"

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/file.h"
#include "src/io/npy.h"

namespace dkn {

void WriteKernels(const std::string& path, const Kernels& kernels) {
  if (!path.ends_with(".npy")) {
    throw Error(path + ": kernels are written as .npy");
  }
  const int taps = kernels.weights.channels();  // k * k and those of coarser levels
  if (kernels.weights.empty() || taps < kernels.size * kernels.size ||
      kernels.positions.channels() != 2 * taps ||
      !SameSize(kernels.weights.view(), kernels.positions.view())) {
    throw Error(path + ": weights and positions are not those of " + std::to_string(kernels.size) +
                " x " + std::to_string(kernels.size) + " taps or more");
  }
  Image array(kernels.weights.width(), kernels.weights.height(), 3 * taps);
  for (int tap = 0; tap < taps; ++tap) {
    Copy(kernels.weights.view().Channel(tap), array.view().Channel(3 * tap));
    Copy(kernels.positions.view().Channel(2 * tap), array.view().Channel(3 * tap + 1));
    Copy(kernels.positions.view().Channel(2 * tap + 1), array.view().Channel(3 * tap + 2));
  }
  WriteFileBytes(path, FormatNpy(array, SampleType::kFloat32, {taps, 3}));
}

}  // namespace dkn
