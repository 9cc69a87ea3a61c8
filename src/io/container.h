#ifndef DKN_SRC_IO_CONTAINER_H_
#define DKN_SRC_IO_CONTAINER_H_

#include <cstdint>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// What a file's header says of the picture that ReadImage will give.
struct ImageInfo {
  std::int64_t width = 0;
  std::int64_t height = 0;
  int channels = 0;  // 1 or 3, alpha left out
  SampleType type = SampleType::kUint8;
  // Pixels that the codec decodes at once and takes memory for, even beyond the image's own; 0
  // where the format has no such blocks.
  std::int64_t block_width = 0;
  std::int64_t block_height = 0;
};

// Each checks, before a codec sees the bytes, that they are a complete file as far as its container
// tells, and hold a kind of picture that the codec gives without altering values. For OpenCV 4.6
// returns a picture for a truncated JPEG, decodes planar TIFF as if it were interleaved, and more.
// Nor does the codec then take memory of a size that the file declares but does not hold, pixels
// apart. They themselves allocate nothing of a size that the file decides. Throw Error with the
// reason, without the file's name and without bytes of the file.

// Every chunk up to IEND, with its CRC, and what compressed text could expand to.
ImageInfo CheckPng(Bytes bytes);
// Every marker up to EOI.
ImageInfo CheckJpeg(Bytes bytes);
// The first page's tags, and that its strips or tiles lie inside the file.
ImageInfo CheckTiff(Bytes bytes);
// The header, every attribute of it, and that every chunk of rows lies inside the file. Of tiles
// OpenEXR itself refuses a file that lacks some.
ImageInfo CheckExr(Bytes bytes);

}  // namespace dkn

#endif  // DKN_SRC_IO_CONTAINER_H_
