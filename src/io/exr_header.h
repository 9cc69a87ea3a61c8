#ifndef DKN_SRC_IO_EXR_HEADER_H_
#define DKN_SRC_IO_EXR_HEADER_H_

#include <cstdint>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

struct ExrHeader {
  int width = 0;
  int height = 0;
  int channels = 0;  // 1 or 3, alpha left out
};

// Checks what OpenEXR 3.1 takes from a header unchecked: the sizes of attributes, by which it would
// find the next one elsewhere, and those of the window, of tiles and of chunks, for which it takes
// memory when it opens a file. Throws Error unless it is a flat image in one part of a kind that
// ReadImage gives.
ExrHeader CheckExrHeader(Bytes bytes, const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_EXR_HEADER_H_
