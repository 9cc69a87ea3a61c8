#ifndef DKN_SRC_IO_EXR_HEADER_H_
#define DKN_SRC_IO_EXR_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

enum class ExrType : std::uint8_t { kUint32 = 0, kHalf = 1, kFloat = 2 };

struct ExrChannel {
  std::string name;  // with its layer's, "ViewLayer.Depth.Z"
  ExrType type = ExrType::kFloat;
};

// Pixels in the plane that all windows of a file lie in.
struct ExrWindow {
  std::int64_t x = 0;  // of its first column
  std::int64_t y = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

// One picture of a file.
struct ExrPart {
  std::string name;                  // empty in files of one part
  std::vector<ExrChannel> channels;  // as they are stored
  ExrWindow data;                    // the pixels that are stored
  ExrWindow display;                 // the picture's
  std::int64_t pixel_bytes = 0;      // of all channels
  std::uint8_t compression = 0;
  bool tiled = false;
  // Pixels of a chunk of the file, a tile or rows; those at the border of the image have fewer.
  std::int64_t chunk_width = 0;
  std::int64_t chunk_height = 0;
  std::size_t table = 0;  // the byte where its table of chunks begins
};

struct ExrHeader {
  bool multi_part = false;
  std::vector<ExrPart> parts;  // one or more
};

// Checks what OpenEXR 3.1 takes from a header unchecked: the sizes of attributes, by which it would
// find the next one elsewhere, and those of the windows, of tiles and of chunks, for which it takes
// memory when it opens a file. Throws Error unless all parts are flat images, with channels of full
// size.
ExrHeader CheckExrHeader(Bytes bytes, const ReadOptions& options);

// Checks that every chunk of the part's pixels lies inside the file and, where OpenEXR 3.1 does
// not, holds as many bytes as its pixels have: of those that lack it gives whatever its memory held
// before. Throws Error otherwise.
void CheckExrChunks(Bytes bytes, const ExrHeader& header, std::size_t part);

}  // namespace dkn

#endif  // DKN_SRC_IO_EXR_HEADER_H_
