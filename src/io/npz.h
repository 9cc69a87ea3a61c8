#ifndef DKN_SRC_IO_NPZ_H_
#define DKN_SRC_IO_NPZ_H_

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// NumPy's archive of arrays, a ZIP whose files are NPY, stored or deflated: the array that the
// options name, else the only one. Throws Error, without the file's name, where there is none of
// the name, or several and no name, listing those there are; where the archive is damaged, and
// where ParseNpy does. Memory is taken for no more than the array's stored bytes can inflate to,
// and for at most 32 bytes of each pixel that the options allow.
FrameBuffer ParseNpz(Bytes bytes, const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_NPZ_H_
