#ifndef DKN_SRC_IO_PNM_H_
#define DKN_SRC_IO_PNM_H_

#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// Whether the bytes begin as those of ParsePnm do.
bool IsPnm(Bytes bytes);

// PGM and PPM, as text (P2, P3) or bytes (P5, P6), and PBM (P1, P4), of which 1 is black, 0, and 0
// is white, 255: uint8 up to a greatest value of 255, else
// uint16. Values are as stored; those of guides are stretched so that the greatest value is the
// type's. Throws Error, without the file's name, unless the bytes are exactly one such file, but
// for blanks at its end.
FrameBuffer ParsePnm(Bytes bytes, const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_PNM_H_
