#ifndef DKN_SRC_IO_IMAGE_CODECS_H_
#define DKN_SRC_IO_IMAGE_CODECS_H_

#include <cstdint>
#include <vector>

#include "dkn/frame.h"
#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// Pictures from files in memory, in the file's own type: 1 channel or R,G,B, of
// TIFF also several bands, as ReadImage says.
// Each refuses more pixels than the options allow before it takes memory for them, and damaged or
// truncated files, of which it gives no part. Beyond the picture no memory is taken of a size that
// the file declares but does not hold. Throw Error with the reason, without the file's name.
FrameBuffer DecodePng(Bytes bytes, const ReadOptions& options);
FrameBuffer DecodeJpeg(Bytes bytes, const ReadOptions& options);
FrameBuffer DecodeTiff(Bytes bytes, const ReadOptions& options);
FrameBuffer DecodeExr(Bytes bytes, const ReadOptions& options);
FrameBuffer DecodeWebp(Bytes bytes, const ReadOptions& options);

// The same of a PNG whose values are labels: 1 channel, of a palette the indices, of grey with
// fewer than 8 bits the values themselves. Other PNGs are refused.
FrameBuffer DecodePngLabels(Bytes bytes, const ReadOptions& options);

// Files in memory, of frames in any layout with 1 or 3 channels. Throw Error for other channels and
// for types that the format lacks.

// uint8 or uint16. Compression from 1 to 9.
inline constexpr int kFastPng = 1;   // for results, which may have to keep up with a camera
inline constexpr int kSmallPng = 7;  // for figures, which are made once and sent often
std::vector<std::uint8_t> PngBytes(const ConstFrame& frame, int compression_level = kFastPng);
// uint8. Quality from 1 to 100.
std::vector<std::uint8_t> JpegBytes(const ConstFrame& frame, int quality = 95);
// uint8, uint16 or float32, of any number of channels; LZW.
std::vector<std::uint8_t> TiffBytes(const ConstFrame& frame);
// float32; ZIP.
std::vector<std::uint8_t> ExrBytes(const ConstFrame& frame);

}  // namespace dkn

#endif  // DKN_SRC_IO_IMAGE_CODECS_H_
