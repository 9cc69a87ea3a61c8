#ifndef DKN_SRC_IO_DPT_H_
#define DKN_SRC_IO_DPT_H_

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// A depth map of MPI Sintel (Butler et al., ECCV 2012; its depth release): the float32 202021.25
// ("PIEH"), width and height as int32, then float32 rows from the top down; all little-endian.
// Throws Error, without the file's name, unless the bytes are exactly one such file. The same tag
// begins optical flow (.flo), which holds two values a pixel and is refused.
FrameBuffer ParseDpt(Bytes bytes, const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_DPT_H_
