#ifndef DKN_SRC_IO_EXR_HEADER_H_
#define DKN_SRC_IO_EXR_HEADER_H_

#include <cstddef>
#include <cstdint>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

struct ExrHeader {
  int width = 0;
  int height = 0;
  int channels = 0;  // 1 or 3, alpha left out
  std::int64_t pixel_bytes = 0;
  std::uint8_t compression = 0;
  bool tiled = false;
  // Pixels of a chunk of the file, a tile or rows; those at the border of the image have fewer.
  std::int64_t chunk_width = 0;
  std::int64_t chunk_height = 0;
  std::size_t size = 0;  // bytes before the table of chunks
};

// Checks what OpenEXR 3.1 takes from a header unchecked: the sizes of attributes, by which it would
// find the next one elsewhere, and those of the window, of tiles and of chunks, for which it takes
// memory when it opens a file. Throws Error unless it is a flat image in one part of a kind that
// ReadImage gives.
ExrHeader CheckExrHeader(Bytes bytes, const ReadOptions& options);

// Checks that every chunk of pixels lies inside the file and, where OpenEXR 3.1 does not, holds as
// many bytes as its pixels have: of those that lack it gives whatever its memory held before.
// Throws Error otherwise.
void CheckExrChunks(Bytes bytes, const ExrHeader& header);

}  // namespace dkn

#endif  // DKN_SRC_IO_EXR_HEADER_H_
