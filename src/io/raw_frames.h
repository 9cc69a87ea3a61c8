#ifndef DKN_SRC_IO_RAW_FRAMES_H_
#define DKN_SRC_IO_RAW_FRAMES_H_

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dkn/frame.h"
#include "dkn/upsample_files.h"
#include "src/io/byte_stream.h"
#include "src/io/pixel_size.h"

namespace dkn {

// Frames of raw samples, one after the other without headers: of the target 16-bit unsigned
// integers, little-endian (ffmpeg's gray16le), of the guide R,G,B bytes (rgb24); rows from the top.
struct RawFormat {
  PixelSize target;
  std::optional<PixelSize> guide;  // none: the guide is a picture, the same for all frames

  ConstFrame TargetFrame(const std::vector<std::uint8_t>& bytes) const;
  ConstFrame GuideFrame(const std::vector<std::uint8_t>& bytes) const;
};

// "640x480" or, with the guide's size, "640x480:1280x720". Throws Error for anything else and
// sizes beyond ParseSize's limits.
RawFormat ParseRawFormat(const std::string& text);

// The bytes of one frame.
struct RawFrame {
  std::vector<std::uint8_t> guide;  // empty where a picture is the guide of all frames
  std::vector<std::uint8_t> target;
};

// Opens guide and target, and takes frames from them.
class RawFrameSource {
 public:
  // Throws Error where one cannot be opened.
  RawFrameSource(const FrameNames& streams, const RawFormat& format);

  bool guide_changes() const { return guide_stream_ != nullptr; }
  // The target's.
  const std::string& name() const { return target_stream_->name(); }
  // Reads the next frame, whose memory is reused; false at the end. Throws Error where a
  // stream ends before the first frame, within one or before the other one, and as
  // ByteStream::Read.
  bool Next(RawFrame& frame, Watch& watch);

 private:
  void CheckWhole(const ByteStream& stream, std::size_t bytes, std::size_t expected) const;

  const std::size_t guide_bytes_;  // of one frame; 0 where a picture is the guide
  const std::size_t target_bytes_;
  std::shared_ptr<ByteStream> guide_stream_;  // null where a picture is the guide
  std::shared_ptr<ByteStream> target_stream_;
  std::int64_t frames_ = 0;  // that were read whole
};

// The only frame of the streams. Throws Error as RawFrameSource, and where there is none or another
// one.
RawFrame ReadRawFrame(const FrameNames& streams, const RawFormat& format);

// Reads a source's frames in a thread of its own, one frame ahead.
class FramesAhead {
 public:
  // Begins to read. What a wait for input ends by, see Watch. The source must outlive it.
  FramesAhead(RawFrameSource& source, std::vector<const ByteStream*> outputs);
  FramesAhead(const FramesAhead&) = delete;
  FramesAhead& operator=(const FramesAhead&) = delete;
  // Waits for no input.
  ~FramesAhead();

  // Exchanges the frame for the next one; false at the end. Throws what
  // reading threw once all frames before were given.
  bool Next(RawFrame& frame);

 private:
  void Run();
  void ReadAll();

  RawFrameSource& source_;
  Watch watch_;
  RawFrame next_;  // of the reading thread while it is not full
  std::mutex mutex_;
  std::condition_variable changed_;
  bool full_ = false;
  bool ended_ = false;  // no further frame will come
  bool stopped_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace dkn

#endif  // DKN_SRC_IO_RAW_FRAMES_H_
