#include "src/io/raw_frames.h"

#include <fcntl.h>

#include <bit>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "dkn/error.h"

namespace dkn {
namespace {

constexpr int kGuideChannels = 3;

std::size_t Pixels(const PixelSize& size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

}  // namespace

ConstFrame RawFormat::TargetFrame(const std::vector<std::uint8_t>& bytes) const {
  static_assert(std::endian::native == std::endian::little, "frames have the processor's order");
  return {bytes.data(), SampleType::kUint16, target.width, target.height};
}

ConstFrame RawFormat::GuideFrame(const std::vector<std::uint8_t>& bytes) const {
  return {bytes.data(), SampleType::kUint8, guide->width, guide->height, kGuideChannels};
}

RawFormat ParseRawFormat(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::optional<PixelSize> target = ParseSize(std::string_view(text).substr(0, colon));
  std::optional<PixelSize> guide;
  if (colon != std::string::npos) {
    guide = ParseSize(std::string_view(text).substr(colon + 1));
  }
  if (!target || (colon != std::string::npos && !guide)) {
    throw Error("'" + text +
                "' is no size of raw frames; expected WIDTHxHEIGHT of the target or "
                "WIDTHxHEIGHT:WIDTHxHEIGHT of target and guide, sides up to " +
                std::to_string(kMaxSide) + ", pixels up to " + std::to_string(kMaxPixels));
  }
  return {*target, guide};
}

RawFrameSource::RawFrameSource(const FrameNames& streams, const RawFormat& format)
    : guide_bytes_(format.guide ? kGuideChannels * Pixels(*format.guide) : 0),
      target_bytes_(2 * Pixels(format.target)) {
  if (format.guide) {
    guide_stream_ = std::make_shared<ByteStream>(streams.guide, O_RDONLY);
  }
  const bool interleaved = format.guide && streams.guide == "-" && streams.target == "-";
  target_stream_ =
      interleaved ? guide_stream_ : std::make_shared<ByteStream>(streams.target, O_RDONLY);
}

bool RawFrameSource::Next(RawFrame& frame, Watch& watch) {
  frame.guide.resize(guide_bytes_);
  frame.target.resize(target_bytes_);
  const std::size_t of_guide = guide_changes() ? guide_stream_->Read(frame.guide, watch) : 0;
  const std::size_t of_target = of_guide < guide_bytes_ && target_stream_ == guide_stream_
                                    ? 0
                                    : target_stream_->Read(frame.target, watch);
  if (of_guide == 0 && of_target == 0) {
    if (frames_ == 0) {
      throw Error(target_stream_->name() + ": ends before the first frame");
    }
    return false;
  }
  if (target_stream_ == guide_stream_) {
    CheckWhole(*target_stream_, of_guide + of_target, guide_bytes_ + target_bytes_);
  } else {
    CheckWhole(*target_stream_, of_target, target_bytes_);
    if (guide_changes()) {
      CheckWhole(*guide_stream_, of_guide, guide_bytes_);
    }
  }
  ++frames_;
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

RawFrame ReadRawFrame(const FrameNames& streams, const RawFormat& format) {
  RawFrameSource source(streams, format);
  Watch watch({});
  RawFrame frame;
  RawFrame other;
  source.Next(frame, watch);
  if (source.Next(other, watch)) {
    throw Error(source.name() + ": has several frames, of which one goes into " + streams.output +
                "; expected one, or a raw output");
  }
  return frame;
}

FramesAhead::FramesAhead(RawFrameSource& source, std::vector<const ByteStream*> outputs)
    : source_(source), watch_(std::move(outputs)) {
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
