#ifndef DKN_SRC_IO_NPY_H_
#define DKN_SRC_IO_NPY_H_

#include <cstdint>
#include <vector>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// NumPy's array file, versions 1 to 3: float32, float16, uint16 or uint8, little-endian, C order,
// shape [H, W] or [H, W, C]. Throws Error, without the file's name, unless the bytes are exactly
// one such file.
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
