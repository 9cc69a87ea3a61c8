#include "cli/raw_frames.h"

#include <fcntl.h>

#include <string>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "dkn/io.h"

namespace dkn {
namespace {

constexpr int kGuideChannels = 3;

std::size_t Pixels(const PixelSize& size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

}  // namespace

RawFrameSource::RawFrameSource(const RawStreams& streams, const RawFormat& format)
    : format_(format), target_bytes_(2 * Pixels(format.target)) {
  if (format.guide) {
    guide_bytes_.resize(kGuideChannels * Pixels(*format.guide));
    guide_stream_ = std::make_shared<ByteStream>(streams.guide, O_RDONLY);
  } else {
    picture_ = ReadGuide(streams.guide);
  }
  const bool interleaved = format.guide && streams.guide == "-" && streams.target == "-";
  target_stream_ =
      interleaved ? guide_stream_ : std::make_shared<ByteStream>(streams.target, O_RDONLY);
}

RawFrame RawFrameSource::MakeFrame() const {
  RawFrame frame;
  frame.target = Image(format_.target.width, format_.target.height);
  if (format_.guide) {
    frame.guide = Image(format_.guide->width, format_.guide->height, kGuideChannels);
  }
  return frame;
}

bool RawFrameSource::Next(RawFrame& frame, Watch& watch) {
  const std::size_t of_guide = guide_changes() ? guide_stream_->Read(guide_bytes_, watch) : 0;
  const std::size_t of_target = of_guide < guide_bytes_.size() && target_stream_ == guide_stream_
                                    ? 0
                                    : target_stream_->Read(target_bytes_, watch);
  if (of_guide == 0 && of_target == 0) {
    if (frames_ == 0) {
      throw Error(target_stream_->name() + ": ends before the first frame");
    }
    return false;
  }
  if (target_stream_ == guide_stream_) {
    CheckWhole(*target_stream_, of_guide + of_target, guide_bytes_.size() + target_bytes_.size());
  } else {
    CheckWhole(*target_stream_, of_target, target_bytes_.size());
    if (guide_changes()) {
      CheckWhole(*guide_stream_, of_guide, guide_bytes_.size());
    }
  }
  ++frames_;
  Decode(frame);
  return true;
}

void RawFrameSource::CheckWhole(const ByteStream& stream, std::size_t bytes,
                                std::size_t expected) const {
  if (bytes == expected) {
    return;
  }
  const std::string frame = std::to_string(frames_ + 1);
  throw Error(stream.name() +
              (bytes == 0 ? ": ends before frame " + frame + ", of which there is the other half"
                          : ": ends within frame " + frame + ", after " + std::to_string(bytes) +
                                " of " + std::to_string(expected) + " bytes"));
}

void RawFrameSource::Decode(RawFrame& frame) const {
  for (std::size_t i = 0; i < frame.target.size(); ++i) {
    frame.target.data()[i] =
        static_cast<float>(target_bytes_[2 * i] | target_bytes_[2 * i + 1] << 8);
  }
  for (int c = 0; guide_changes() && c < kGuideChannels; ++c) {
    float* const plane = frame.guide.Row(0, c);
    for (std::size_t i = 0; i < guide_bytes_.size() / kGuideChannels; ++i) {
      plane[i] =
          static_cast<float>(guide_bytes_[kGuideChannels * i + static_cast<std::size_t>(c)]) /
          255.0f;
    }
  }
}

RawFrame ReadRawFrame(const RawStreams& streams, const RawFormat& format) {
  RawFrameSource source(streams, format);
  Watch watch({});
  RawFrame frame = source.MakeFrame();
  RawFrame other = source.MakeFrame();
  source.Next(frame, watch);
  if (source.Next(other, watch)) {
    throw Error(source.name() + ": has several frames, of which one goes into " + streams.output +
                "; expected one, or a raw output");
  }
  if (!source.guide_changes()) {
    frame.guide = Image::Clone(source.picture());
  }
  return frame;
}

FramesAhead::FramesAhead(RawFrameSource& source, std::vector<const ByteStream*> outputs)
    : source_(source), watch_(std::move(outputs)), next_(source.MakeFrame()) {
  try {
    thread_ = std::thread([this] { Run(); });
  } catch (const std::system_error& error) {
    throw Error(std::string("no thread to read frames by: ") + error.what());
  }
}

FramesAhead::~FramesAhead() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  watch_.Stop();
  thread_.join();
}

bool FramesAhead::Next(RawFrame& frame) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return full_ || ended_; });
  if (full_) {
    std::swap(frame, next_);
    full_ = false;
    changed_.notify_all();
    return true;
  }
  if (failure_) {
    std::rethrow_exception(failure_);
  }
  return false;
}

void FramesAhead::Run() {
  std::exception_ptr failure;
  try {
    ReadAll();
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  failure_ = failure;
  ended_ = true;
  changed_.notify_all();
}

void FramesAhead::ReadAll() {
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return !full_ || stopped_; });
      if (stopped_) {
        return;
      }
    }
    if (!source_.Next(next_, watch_)) {
      return;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    full_ = true;
    changed_.notify_all();
  }
}

}  // namespace dkn
