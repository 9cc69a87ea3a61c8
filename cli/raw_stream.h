#ifndef DKN_CLI_RAW_STREAM_H_
#define DKN_CLI_RAW_STREAM_H_

#include <optional>
#include <string>

#include "cli/pixel_size.h"
#include "cli/upsampling.h"

namespace dkn {

// Frames of raw samples, one after the other without headers: of the target 16-bit unsigned
// integers, little-endian (ffmpeg's gray16le), of the guide R,G,B bytes (rgb24); rows from the top.
struct RawFormat {
  PixelSize target;
  std::optional<PixelSize> guide;  // none: the guide is a picture, the same for all frames
};

// "640x480" or, with the guide's size, "640x480:1280x720". Throws Error for anything else and
// sizes beyond ParseSize's limits.
RawFormat ParseRawFormat(const std::string& text);

// Files, named pipes or devices; "-" is standard input, or output. Where guide and target are both
// "-", each frame is its guide and then its target.
struct RawStreams {
  std::string guide;
  std::string target;
  std::string output;
  std::string confidence = {};  // empty: is not written; not "-"
};

// Upsamples frames as they come, each written, in the target's format at the guide's size, as soon
// as it is done; meanwhile the next one is read, and no further one. Confidence has the same
// format, 65535 for 1, and follows its frame. A network keeps its memory from frame to frame, and
// a picture's part of its work. Throws Error, before anything is
// written, where two of the streams are one file, and after all whole frames have been written
// where a stream ends within a frame or before another one, or there is none, and where the reader
// of an output has gone, at once though no frame may come. Ignores SIGPIPE from then on.
void UpsampleStream(const RawStreams& streams, const RawFormat& format, const UpsamplingTask& task);

}  // namespace dkn

#endif  // DKN_CLI_RAW_STREAM_H_
