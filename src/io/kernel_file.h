#ifndef DKN_SRC_IO_KERNEL_FILE_H_
#define DKN_SRC_IO_KERNEL_FILE_H_

#include <string>

#include "dkn/model.h"

namespace dkn {

// Writes the kernels of an image as a NumPy array, float32 of shape [H, W, k * k, 3]: for each
// pixel and tap the weight, and x and y of the place where it samples, to the right and down, in
// pixels from the pixel (docs/model_format.md). Throws Error, naming the file, unless the name ends
// in .npy and the file can be written; it is written whole or not at all.
void WriteKernels(const std::string& path, const Kernels& kernels);

}  // namespace dkn

#endif  // DKN_SRC_IO_KERNEL_FILE_H_
