#ifndef DKN_SRC_IO_PFM_H_
#define DKN_SRC_IO_PFM_H_

#include <cstdint>
#include <vector>

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// Portable float map: "PF" (R,G,B) or "Pf" (grey), width, height and scale in words, then float32
// rows from the bottom up, little-endian when the scale is negative. Values are taken as stored;
// the size of the scale is a unit that readers disagree about, and not applied. Throws Error,
// without the file's name, unless the bytes are exactly one such file.
FrameBuffer ParsePfm(Bytes bytes, const ReadOptions& options);

// Little-endian, scale -1. Throws Error unless the image has 1 or 3 channels.
std::vector<std::uint8_t> FormatPfm(ConstView image);

}  // namespace dkn

#endif  // DKN_SRC_IO_PFM_H_
