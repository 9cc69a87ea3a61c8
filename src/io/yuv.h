#ifndef DKN_SRC_IO_YUV_H_
#define DKN_SRC_IO_YUV_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "src/core/bytes.h"
#include "src/io/pixel_size.h"

namespace dkn {

// How cameras and decoders store luma and two chromas of 8 bits, each chroma one for two columns
// and, but for kYuyv and kUyvy, two rows; of odd sides it is rounded up.
enum class YuvLayout {
  kNone,  // no luma and chroma
  kNv12,  // all Y, then U and V in turns
  kNv21,  // V and U in turns
  kI420,  // all Y, all U, all V
  kYuyv,  // Y U Y V for two pixels
  kUyvy,  // U Y V Y
};

std::size_t YuvFrameBytes(YuvLayout layout, PixelSize size);

// The R,G,B of a frame of YuvFrameBytes, into three bytes for each pixel: by ITU-R BT.601, Y from
// 16 to 235 and chromas from 16 to 240, or all of 0 to 255 where it is `full_range` (JFIF). Each
// chroma counts for all its pixels.
void YuvToRgb(YuvLayout layout, bool full_range, PixelSize size, Bytes frame,
              std::span<std::uint8_t> rgb);

}  // namespace dkn

#endif  // DKN_SRC_IO_YUV_H_
