#ifndef DKN_SRC_IO_BMP_H_
#define DKN_SRC_IO_BMP_H_

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// Windows' bitmap, not compressed: 8 bits with a palette (1 channel where all its colours are the
// greys of their numbers, else 3), or 24 or 32 bits of B,G,R, whose fourth byte is dropped. Throws
// Error, without the file's name, for other kinds and where bytes are missing.
FrameBuffer ParseBmp(Bytes bytes, const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_BMP_H_
