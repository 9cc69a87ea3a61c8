#include "src/io/frame_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/in_context.h"
#include "src/io/frame_files.h"
#include "src/io/own_guides.h"
#include "src/io/packed_depth.h"
#include "src/io/raw_frames.h"
#include "src/io/task_files.h"

namespace dkn {
namespace {

// Pictures that serve several frames are read once: the one that was read last is kept.
class KeptPicture {
 public:
  template <typename Read>
  const HeldFrame& Get(const std::string& path, const Read& read) {
    if (path != path_ || frame_.empty()) {
      frame_ = HeldFrame();
      FrameBuffer buffer = read(path);
      frame_ = buffer.empty() ? HeldFrame() : HeldFrame(std::move(buffer));
      path_ = path;
    }
    return frame_;
  }

 private:
  std::string path_;
  HeldFrame frame_;
};

// Depth as it is filtered, of a frame as it came.
HeldFrame Unpacked(const HeldFrame& target, const std::string& packed, const std::string& name) {
  return packed.empty()
             ? target
             : HeldFrame(InContext(name, [&] { return Unpack(target.frame(), packed); }));
}

class FileSource : public FrameSource {
 public:
  FileSource(std::vector<FrameFiles> frames, const FileTask& task, std::vector<FileNote> notes)
      : frames_(std::move(frames)),
        packed_(task.packed),
        // As of `dkn upsample`, where a method that is named may convert files.
        check_(task.options.method.empty()),
        notes_(std::move(notes)) {}

  bool Next(SourceFrame& frame) override {
    if (stopped_ || next_ == frames_.size()) {
      return false;
    }
    const FrameFiles& files = frames_[next_++];
    if (!files.problem.empty()) {
      throw Error(files.name + ": " + files.problem);
    }
    SourceFrame read;
    read.notes = std::exchange(notes_, {});
    read.name = files.name;
    read.files = {files.guide, files.target, ""};
    read.guide = guide_.Get(
        files.guide, [&](const std::string& path) { return ReadGuideFrame(path, read.notes); });
    read.target = target_.Get(files.target, [&](const std::string& path) {
      return ReadTargetFrame(path, packed_, read.notes);
    });
    if (check_) {
      CheckGuideIsNoTarget(read.files, read.guide.frame(), read.target.frame());
    }
    read.mask = mask_.Get(files.mask, ReadMaskFrame);
    CheckMaskSize(files.mask, read.mask.frame(),
                  {read.target.frame().width, read.target.frame().height});
    frame = std::move(read);
    return true;
  }
  bool Rewind() override {
    next_ = 0;
    return true;
  }
  void Stop() override { stopped_ = true; }
  int frames() const override { return static_cast<int>(frames_.size()); }
  bool GoesOn() const override { return frames_.size() > 1; }

 private:
  const std::vector<FrameFiles> frames_;
  const std::string packed_;
  const bool check_;
  std::vector<FileNote> notes_;  // that nobody has yet
  std::size_t next_ = 0;
  std::atomic<bool> stopped_ = false;
  KeptPicture guide_;
  KeptPicture target_;
  KeptPicture mask_;
};

class StreamSource : public FrameSource {
 public:
  StreamSource(const FrameNames& names, const FileTask& task, const std::string& raw)
      : names_(names), task_(task), format_(ParseRawFormat(raw)), watch_({}) {
    FrameBuffer mask = ReadMaskFrame(IsRawMask(task.mask) ? "" : task.mask);
    CheckMaskSize(task.mask, mask, format_.target.size);
    mask_ = mask.empty() ? HeldFrame() : HeldFrame(std::move(mask));
    if (!format_.guide) {
      guide_ = HeldFrame(ReadGuideFrame(names.guide, notes_));
    }
    Rewind();
  }

  bool Next(SourceFrame& frame) override {
    RawFrame raw;
    if (!source_->Next(raw, watch_)) {
      return false;
    }
    ++number_;
    frame = SourceFrame{std::string("frame ") + std::to_string(number_)};
    frame.notes = std::exchange(notes_, {});
    frame.guide = format_.guide ? Held(std::move(raw.guide), *format_.guide) : guide_;
    frame.mask = mask_;
    if (!raw.mask.empty()) {
      const auto held = std::make_shared<RawFrame>();
      held->mask = std::move(raw.mask);
      frame.mask = HeldFrame(held, MaskIn(*held, format_));
    }
    frame.target =
        Unpacked(Held(std::move(raw.target), format_.target), task_.packed, names_.target);
    return true;
  }
  bool Rewind() override {
    const auto is_file = [](const std::string& path) {
      std::error_code absent;
      return path != "-" && std::filesystem::is_regular_file(path, absent);
    };
    const bool can = is_file(names_.target) && (!format_.guide || is_file(names_.guide)) &&
                     (!IsRawMask(task_.mask) || is_file(task_.mask));
    if (!source_ || can) {
      source_.emplace(names_, format_, task_.packed, task_.mask);
      number_ = 0;
      return true;
    }
    return false;
  }
  void Stop() override { watch_.Stop(); }
  bool MayBeEmpty() const override { return true; }

 private:
  static HeldFrame Held(std::vector<std::uint8_t> bytes, const RawStream& stream) {
    const auto held = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    return HeldFrame(held, stream.FrameIn(*held));
  }

  const FrameNames names_;
  const FileTask task_;
  const RawFormat format_;
  HeldFrame guide_;  // of all frames; empty where each has its own
  HeldFrame mask_;   // the same
  std::vector<FileNote> notes_;
  Watch watch_;
  std::optional<RawFrameSource> source_;
  std::int64_t number_ = 0;
};

// Wakes who waits for a camera.
class WakePipe {
 public:
  WakePipe() {
    if (pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw Error(std::string("a pipe cannot be made: ") + std::strerror(errno));
    }
  }
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;
  ~WakePipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int file() const { return ends_[0]; }
  void Wake() {
    const char byte = 0;
    while (write(ends_[1], &byte, 1) < 0 && errno == EINTR) {
    }
  }

 private:
  std::array<int, 2> ends_{};
};

// Depth from a camera, guided by another one's newest picture or by one that stays.
class CameraSource : public FrameSource {
 public:
  CameraSource(const FrameNames& names, const FileTask& task, const std::string& raw,
               VideoCalls& video)
      : packed_(task.packed) {
    std::optional<RawStream> target;
    std::optional<RawStream> guide;
    if (!raw.empty()) {
      const RawFormat format = ParseRawFormat(raw);
      target = format.target;
      guide = format.guide;
    }
    if (video.IsDevice(names.guide)) {
      guide_device_.emplace(names.guide, VideoDevice::Role::kGuide, guide, video);
    } else {
      guide_ = HeldFrame(ReadGuideFrame(names.guide, notes_));
    }
    target_device_.emplace(names.target, VideoDevice::Role::kTarget, target, video);
    FrameBuffer mask = ReadMaskFrame(task.mask);
    CheckMaskSize(task.mask, mask, target_device_->stream().size);
    mask_ = mask.empty() ? HeldFrame() : HeldFrame(std::move(mask));
  }

  bool Next(SourceFrame& frame) override {
    HeldFrame target;
    if (!Take(*target_device_, VideoDevice::Waiting::kForFrame, target) ||
        (guide_device_ &&
         !Take(*guide_device_,
               guide_.empty() ? VideoDevice::Waiting::kForFrame : VideoDevice::Waiting::kNot,
               guide_) &&
         guide_.empty())) {
      return false;
    }
    frame = SourceFrame{std::string("frame ") + std::to_string(++number_)};
    frame.notes = std::exchange(notes_, {});
    frame.guide = guide_;
    frame.target = Unpacked(target, packed_, "the camera's depth");
    frame.mask = mask_;
    return true;
  }
  bool Rewind() override { return false; }
  void Stop() override { wake_.Wake(); }
  bool IsLive() const override { return true; }
  std::string CameraRaw() const override {
    const auto size = [](const VideoDevice& device) {
      const PixelSize pixels = device.stream().size;
      return std::to_string(pixels.width) + "x" + std::to_string(pixels.height);
    };
    return size(*target_device_) +
           (guide_device_ ? std::string(":") + size(*guide_device_) : std::string());
  }
  bool MayBeEmpty() const override { return true; }

 private:
  bool Take(VideoDevice& device, VideoDevice::Waiting waiting, HeldFrame& frame) {
    const auto bytes = std::make_shared<std::vector<std::uint8_t>>();
    if (!device.Next(*bytes, wake_.file(), waiting)) {
      return false;
    }
    frame = HeldFrame(bytes, device.stream().FrameIn(*bytes));
    return true;
  }

  const std::string packed_;
  WakePipe wake_;
  HeldFrame guide_;
  HeldFrame mask_;
  std::vector<FileNote> notes_;
  std::optional<VideoDevice> guide_device_;  // none: one picture guides all frames
  std::optional<VideoDevice> target_device_;
  std::int64_t number_ = 0;
};

}  // namespace

HeldFrame::HeldFrame(FrameBuffer buffer) {
  const auto held = std::make_shared<const FrameBuffer>(std::move(buffer));
  frame_ = held->frame();
  memory_ = held;
}

std::unique_ptr<FrameSource> OpenFrameSource(const FrameNames& names, const FileTask& task,
                                             const std::string& raw, std::optional<int> first,
                                             std::optional<int> last, VideoCalls& video) {
  const bool camera = video.IsDevice(names.target);
  if (!camera && video.IsDevice(names.guide)) {
    throw Error(names.guide + ": is a camera, and " + names.target +
                " is none; expected depth from a camera too");
  }
  const FramePairing& pairing = names.pairing;
  const bool paired = !pairing.associations.empty() || pairing.max_time;
  const bool many = !camera && raw.empty() && (paired || AreManyFrames(names.target));
  CheckPairing(names, many, first || last);
  if (camera) {
    return std::make_unique<CameraSource>(names, task, raw, video);
  }
  if (!raw.empty()) {
    return std::make_unique<StreamSource>(names, task, raw);
  }
  std::vector<FileNote> notes;
  std::vector<FrameFiles> frames;
  if (many) {
    frames = FramesOf(names, task, first, last, notes);
  } else {
    if (task.options.method.empty()) {
      CheckGuideIsNoTarget(names.guide, names.target);
    }
    frames.push_back({std::filesystem::path(names.target).filename().string(), names.guide,
                      names.target, "", "", task.mask});
  }
  return std::make_unique<FileSource>(std::move(frames), task, std::move(notes));
}

}  // namespace dkn
