#ifndef DKN_SRC_IO_RAW_FORMAT_H_
#define DKN_SRC_IO_RAW_FORMAT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dkn/frame.h"
#include "src/core/bytes.h"
#include "src/io/pixel_size.h"
#include "src/io/yuv.h"

namespace dkn {

// How a pixel is stored in frames without headers; names are ffmpeg's pixel formats.
struct PixelFormat {
  const char* name;
  SampleType type;
  int channels = 1;
  ChannelOrder order = ChannelOrder::kRgb;
  bool big_endian = false;
  // Of guides alone: luma and chroma, which become R,G,B (type, channels and order are theirs).
  YuvLayout yuv = YuvLayout::kNone;
  bool full_range = false;  // of luma and chroma

  // Not of luma and chroma.
  std::size_t Bytes() const { return SampleBytes(type) * static_cast<std::size_t>(channels); }
};

// Frames of raw samples in one stream, one after the other: rows from the top, without gaps.
struct RawStream {
  PixelSize size;
  PixelFormat pixel;
  bool told = false;  // the format, by who asked; else it is the usual one

  std::size_t FrameBytes() const;
  // Of the frame that ToProcessor makes of these.
  std::size_t ReadyBytes() const;
  // "80x60 gray16le"
  std::string Text() const;
  // The frame that the bytes of one are, after ToProcessor.
  ConstFrame FrameIn(const std::vector<std::uint8_t>& bytes) const;
};

struct RawFormat {
  RawStream target;
  std::optional<RawStream> guide;  // none: the guide is a picture, the same for all frames
};

// "640x480" or, with the guide's size, "640x480:1280x720"; behind each size, after a comma, the
// name of a pixel format, "640x480,grayf32le:1280x720,bgr24", else gray16le of the target and rgb24
// of the guide; luma and chroma (nv12, yuyv422 ...) are guides' alone. Throws Error for anything
// else and sizes beyond ParseSize's limits.
RawFormat ParseRawFormat(const std::string& text);

// Turns the bytes of each sample, where there are several, around: from the stream's order into the
// processor's or back.
void SwapBytes(const PixelFormat& pixel, std::span<std::uint8_t> bytes);

// The bytes of a frame as they come: into the processor's order, luma and chroma into R,G,B.
// `memory` is used for that, and kept for the next frame.
void ToProcessor(const RawStream& stream, std::vector<std::uint8_t>& bytes,
                 std::vector<std::uint8_t>& memory);

// Sizes and pixel formats of one channel by which `bytes` are one frame, or at least whole frames:
// "; it would be 2 frames of 80x60 gray16le or ...". First the size of `asked` in other formats,
// then what cameras have. Empty where nothing fits.
std::string FittingFormats(std::uint64_t bytes, const RawStream& asked);

// The format of one channel that the bytes of a frame seem to have rather than gray16le: floats
// where, taken so, all values are as large as depths are; gray16be where neighbours, taken so, are
// much more alike. None where they seem to have none of these.
std::optional<std::string> SeemedFormat(Bytes frame);

}  // namespace dkn

#endif  // DKN_SRC_IO_RAW_FORMAT_H_
