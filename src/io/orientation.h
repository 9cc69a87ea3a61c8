#ifndef DKN_SRC_IO_ORIENTATION_H_
#define DKN_SRC_IO_ORIENTATION_H_

#include "dkn/frame.h"
#include "dkn/io.h"
#include "src/core/bytes.h"

namespace dkn {

// The orientation that EXIF data tell, an APP1 segment of JPEG without its marker and length: 1, as
// it stands, to 8. 1 where they are damaged or tell none: the picture is whole without them.
int ExifOrientation(Bytes segment);

inline constexpr char kExifOrientation[] = "EXIF orientation";

// A picture in its file's orientation, 1 to 8, as it is to be seen; the options' notes tell where
// that turns it, and what of the file says so.
FrameBuffer Upright(FrameBuffer stored, int orientation, const char* what,
                    const ReadOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_IO_ORIENTATION_H_
