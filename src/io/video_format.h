#ifndef DKN_SRC_IO_VIDEO_FORMAT_H_
#define DKN_SRC_IO_VIDEO_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "src/io/raw_format.h"

namespace dkn {

// How Video4Linux2 and --raw call one layout of pixels.
struct VideoFormat {
  std::uint32_t code;  // V4L2_PIX_FMT_
  const char* name;    // ffmpeg's; of Motion-JPEG what it becomes
  bool guide;          // whether guides may have it
  bool target;         // the same of targets
};

// Those that are read, in the order in which they are preferred.
std::span<const VideoFormat> VideoFormats();
// The row of this code; null: such pixels are not read.
const VideoFormat* FindVideoFormat(std::uint32_t code);
// "YUYV", for messages.
std::string VideoCodeText(std::uint32_t code);

// Rows of a frame, one plane after the other, as --raw has them without gaps.
struct VideoPlane {
  std::size_t rows;
  std::size_t row_bytes;
  std::size_t stride;  // in the camera's memory
};

// The planes of a frame as a camera holds them. `stride` is that of the first; those of chroma
// follow it, as the kernel says.
std::vector<VideoPlane> VideoPlanes(const RawStream& stream, std::size_t stride);

}  // namespace dkn

#endif  // DKN_SRC_IO_VIDEO_FORMAT_H_
