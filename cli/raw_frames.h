#ifndef DKN_CLI_RAW_FRAMES_H_
#define DKN_CLI_RAW_FRAMES_H_

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "cli/byte_stream.h"
#include "cli/raw_stream.h"
#include "dkn/image.h"

namespace dkn {

struct RawFrame {
  Image guide;  // values in [0, 1]; empty where a picture is the guide of all frames
  Image target;
};

// Opens guide and target, and takes frames from them.
class RawFrameSource {
 public:
  // Throws Error where one cannot be opened, or the picture not be read.
  RawFrameSource(const RawStreams& streams, const RawFormat& format);

  bool guide_changes() const { return guide_stream_ != nullptr; }
  // The guide of all frames, or empty.
  const Image& picture() const { return picture_; }
  // The target's.
  const std::string& name() const { return target_stream_->name(); }
  // A frame of the right sizes.
  RawFrame MakeFrame() const;

  // Reads the next frame into one that MakeFrame made; false at the end. Throws Error where a
  // stream ends before the first frame, within one or before the other one, and as
  // ByteStream::Read.
  bool Next(RawFrame& frame, Watch& watch);

 private:
  void CheckWhole(const ByteStream& stream, std::size_t bytes, std::size_t expected) const;
  void Decode(RawFrame& frame) const;

  const RawFormat format_;
  Image picture_;
  std::vector<std::uint8_t> guide_bytes_;  // empty where a picture is the guide
  std::vector<std::uint8_t> target_bytes_;
  std::shared_ptr<ByteStream> guide_stream_;  // null where a picture is the guide
  std::shared_ptr<ByteStream> target_stream_;
  std::int64_t frames_ = 0;  // that were read whole
};

// The only frame of the streams, its guide never empty. Throws Error as RawFrameSource, and where
// there is none or another one.
RawFrame ReadRawFrame(const RawStreams& streams, const RawFormat& format);

// Reads a source's frames in a thread of its own, one frame ahead.
class FramesAhead {
 public:
  // Begins to read. What a wait for input ends by, see Watch. The source must outlive it.
  FramesAhead(RawFrameSource& source, std::vector<const ByteStream*> outputs);
  FramesAhead(const FramesAhead&) = delete;
  FramesAhead& operator=(const FramesAhead&) = delete;
  // Waits for no input.
  ~FramesAhead();

  // Exchanges the frame, which MakeFrame made, for the next one; false at the end. Throws what
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

#endif  // DKN_CLI_RAW_FRAMES_H_
