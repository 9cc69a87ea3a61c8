#ifndef DKN_SRC_IO_RAW_FRAMES_H_
#define DKN_SRC_IO_RAW_FRAMES_H_

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dkn/frame.h"
#include "dkn/upsample_files.h"
#include "src/io/byte_stream.h"
#include "src/io/raw_format.h"

namespace dkn {

// The bytes of one frame, in the processor's order.
struct RawFrame {
  std::vector<std::uint8_t> guide;  // empty where a picture is the guide of all frames
  std::vector<std::uint8_t> target;
  std::vector<std::uint8_t> mask;  // empty where none is in a stream

  std::size_t bytes() const { return guide.size() + target.size() + mask.size(); }
};

// Whether a mask of raw frames is in a stream of its own, or of theirs ("-"), not in a picture:
// by the ending of its name.
bool IsRawMask(const std::string& mask);

// Opens guide, target and mask, and takes frames from them.
class RawFrameSource {
 public:
  // Throws Error where one cannot be opened, and where a file's size is not that of whole frames,
  // or its first frame seems to have another format (see Next). `packed` is FileTask::packed:
  // packed targets have no format that they seem to have. `mask` is FileTask::mask: where it is raw
  // (IsRawMask), it is read as "gray" frames of the target's size.
  RawFrameSource(const FrameNames& streams, const RawFormat& format, const std::string& packed,
                 const std::string& mask);

  bool guide_changes() const { return format_.guide.has_value(); }
  // The target's.
  const std::string& name() const { return target_.stream->name(); }
  // Memory beside the frames.
  std::size_t bytes() const {
    const bool converted = format_.guide && format_.guide->pixel.yuv != YuvLayout::kNone;
    return converted ? format_.guide->ReadyBytes() : 0;
  }
  // Reads the next frame, whose memory is reused; false at the end. Throws Error where a
  // stream ends before the first frame, within one or before the other one, where the first target
  // seems to have another format than one that nobody told (SeemedFormat, SeemsDepth16), and as
  // ByteStream::Read.
  bool Next(RawFrame& frame, Watch& watch);

 private:
  // A part of each frame.
  struct Part {
    std::shared_ptr<ByteStream> stream;  // null where there is none; of two parts it may be one
    std::size_t bytes = 0;
    std::size_t got = 0;  // of the frame that was read last
  };

  Part Open(const std::string& path, const RawStream& stream);
  void Read(Part& part, std::vector<std::uint8_t>& bytes, Watch& watch);
  // Throws Error where a frame's parts did not all come.
  void CheckWhole() const;
  void CheckFormat(Bytes target) const;

  const RawFormat format_;
  const bool check_format_;
  Part guide_;
  Part target_;
  Part mask_;
  std::vector<std::uint8_t> memory_;  // of ToProcessor
  std::int64_t frames_ = 0;           // that were read whole
};

// The only frame of the streams. Throws Error as RawFrameSource, and where there is none or another
// one.
RawFrame ReadRawFrame(const FrameNames& streams, const RawFormat& format, const std::string& packed,
                      const std::string& mask);

// A raw frame's mask; empty where it has none.
ConstFrame MaskIn(const RawFrame& frame, const RawFormat& format);

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
