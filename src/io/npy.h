#ifndef DKN_SRC_IO_NPY_H_
#define DKN_SRC_IO_NPY_H_

#include <cstdint>
#include <vector>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// NumPy's array file, versions 1 to 3, of bool, integers or floats in any byte order, C or Fortran
// order; what FrameOfSamples makes of its values, false being 0 and true 1. The shape is [H, W] or
// [H, W, C]; axes of length 1 beyond two do not count: [1, H, W] is [H, W], unless its last has 2
// to 4 values, which are the channels of one row. Throws Error, without the file's name, unless the
// bytes are exactly one such file, and, with its shape, where they seem to be [C, H, W]: the first
// of three axes is the shortest and has 4 values at most and the others 8 or more, or the last has
// more than 256.
FrameBuffer ParseNpy(Bytes bytes, const ReadOptions& options);

// Version 1. One channel gives [H, W], several [H, W, C].
std::vector<std::uint8_t> FormatNpy(const ConstFrame& frame);
// The file of an image, its values rounded to the nearest of `type`. Throws Error where `type`
// cannot hold one.
std::vector<std::uint8_t> FormatNpy(ConstView image, SampleType type);
// The file of an image whose channels are several dimensions there, in C order: [H, W, ...]. Throws
// Error unless the product of `channel_shape` is the number of channels.
std::vector<std::uint8_t> FormatNpy(ConstView image, SampleType type,
                                    const std::vector<int>& channel_shape);

}  // namespace dkn

#endif  // DKN_SRC_IO_NPY_H_
