#ifndef DKN_SRC_IO_FRAME_SOURCE_H_
#define DKN_SRC_IO_FRAME_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dkn/frame.h"
#include "dkn/upsample_files.h"
#include "src/io/video_device.h"

// Frames one after the other, for who looks at results instead of writing them.
namespace dkn {

// A frame and whatever holds its memory; null: there is none.
class HeldFrame {
 public:
  HeldFrame() = default;
  explicit HeldFrame(FrameBuffer buffer);
  // `frame` lies in the memory.
  HeldFrame(std::shared_ptr<const void> memory, const ConstFrame& frame)
      : memory_(std::move(memory)), frame_(frame) {}

  bool empty() const { return memory_ == nullptr; }
  const ConstFrame& frame() const { return frame_; }  // without data where it is empty
  // Whether both are one memory, so that nothing has changed.
  bool IsSame(const HeldFrame& other) const { return memory_ == other.memory_; }

 private:
  std::shared_ptr<const void> memory_;
  ConstFrame frame_;
};

// What one result is made of.
struct SourceFrame {
  std::string name;       // of the target: a file without its folder, or "frame 7"
  FrameNames files = {};  // its own; empty of streams and cameras
  HeldFrame guide = {};   // the same memory while it stays
  HeldFrame target = {};  // unpacked
  HeldFrame mask = {};    // empty: there is none
  std::vector<FileNote> notes = {};
};

// Of one thread, but for Stop.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  // The next frame; false at the end, and after Stop. Throws Error where a frame cannot be had; the
  // one after it may be.
  virtual bool Next(SourceFrame& frame) = 0;
  // Begins anew where that can be: of files, not of pipes and cameras.
  virtual bool Rewind() = 0;
  // Ends a wait for input, of another thread, and all later ones.
  virtual void Stop() = 0;
  // Whether frames come when they will, and are lost where nobody takes them.
  virtual bool IsLive() const { return false; }
  // Whether a target without measurements is no failure (UpsamplerOptions::may_be_empty), as in
  // streams.
  virtual bool MayBeEmpty() const { return false; }
  // Of cameras, what `raw` would tell of frames that ffmpeg reads of them, R,G,B of 8 bits and grey
  // of 16; else empty.
  virtual std::string CameraRaw() const { return ""; }
  // How many there are; 0: nobody knows.
  virtual int frames() const { return 0; }
  // What a failure of the source means: whether the next frame may be good, as after a bad file.
  virtual bool GoesOn() const { return false; }
};

// What `dkn upsample` reads by these names, task and `raw`: one file or many, or raw streams; and
// cameras, /dev/videoN, as target or as both, of which `raw` tells sizes and formats that they
// shall have (else they have what they are set to). The names' output and confidence must be empty.
// Throws Error as UpsampleFile, UpsampleFiles and UpsampleStream do for such names, and as
// VideoDevice.
std::unique_ptr<FrameSource> OpenFrameSource(const FrameNames& names, const FileTask& task,
                                             const std::string& raw, std::optional<int> first,
                                             std::optional<int> last,
                                             VideoCalls& video = SystemVideoCalls());

}  // namespace dkn

#endif  // DKN_SRC_IO_FRAME_SOURCE_H_
