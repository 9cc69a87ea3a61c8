#include "src/io/raw_frames.h"

#include <fcntl.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "src/io/packed_depth.h"

namespace dkn {
namespace {

// The size of a file that is not a pipe, a device or a standard stream.
std::optional<std::uint64_t> FileBytes(const std::string& path) {
  std::error_code absent;
  if (path == "-" || !std::filesystem::is_regular_file(path, absent)) {
    return std::nullopt;
  }
  const std::uintmax_t bytes = std::filesystem::file_size(path, absent);
  return absent ? std::nullopt : std::optional<std::uint64_t>(bytes);
}

// Before anything is read: frames of a wrong size or type would be noise.
void CheckFileSize(const std::string& path, const RawStream& stream) {
  const std::optional<std::uint64_t> bytes = FileBytes(path);
  const std::uint64_t frame = stream.FrameBytes();
  if (bytes && *bytes % frame != 0) {
    throw Error(path + ": has " + std::to_string(*bytes) + " bytes, which are no whole frames of " +
                stream.Text() + ", " + std::to_string(frame) + " bytes each" +
                FittingFormats(*bytes, stream));
  }
}

std::vector<std::uint8_t> FirstBytes(const std::string& path, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  std::ifstream stream(path, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

}  // namespace

RawFrameSource::RawFrameSource(const FrameNames& streams, const RawFormat& format,
                               const std::string& packed)
    : format_(format),
      check_format_(!format.target.told && packed.empty()),
      guide_bytes_(format.guide ? format.guide->FrameBytes() : 0),
      target_bytes_(format.target.FrameBytes()) {
  if (format.guide) {
    guide_stream_ = std::make_shared<ByteStream>(streams.guide, O_RDONLY);
    CheckFileSize(streams.guide, *format.guide);
  }
  const bool interleaved = format.guide && streams.guide == "-" && streams.target == "-";
  target_stream_ =
      interleaved ? guide_stream_ : std::make_shared<ByteStream>(streams.target, O_RDONLY);
  CheckFileSize(streams.target, format.target);
  if (check_format_ && FileBytes(streams.target).value_or(0) > 0) {
    CheckFormat(FirstBytes(streams.target, target_bytes_));  // before an output is emptied
  }
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
  if (frames_ == 0 && check_format_) {
    CheckFormat(frame.target);
  }
  ++frames_;
  if (guide_changes()) {
    SwapBytes(format_.guide->pixel, frame.guide);
  }
  SwapBytes(format_.target.pixel, frame.target);
  return true;
}

void RawFrameSource::CheckFormat(Bytes target) const {
  const std::string size =
      std::to_string(format_.target.size.width) + "x" + std::to_string(format_.target.size.height);
  const std::optional<std::string> seemed = SeemedFormat(target);
  if (seemed) {
    throw Error(target_stream_->name() + ": its values seem to be " + *seemed +
                ", not gray16le; --raw tells which: " + size + "," + *seemed + " or " + size +
                ",gray16le");
  }
  std::vector<std::uint16_t> values(target.size() / sizeof(std::uint16_t));
  std::memcpy(values.data(), target.data(), values.size() * sizeof(std::uint16_t));
  if (SeemsDepth16(values)) {
    throw Error(target_stream_->name() +
                ": its values seem to be a phone's, depth of 13 bits with a "
                "confidence above it: --packed depth16, or, if not, --raw " +
                size + ",gray16le");
  }
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

RawFrame ReadRawFrame(const FrameNames& streams, const RawFormat& format,
                      const std::string& packed) {
  RawFrameSource source(streams, format, packed);
  Watch watch({});
  RawFrame frame;
  RawFrame other;
  source.Next(frame, watch);
  if (source.Next(other, watch)) {
    throw Error(source.name() + ": has several frames, of which one goes into " + streams.output +
                "; expected one, or a raw output" +
                FittingFormats(FileBytes(streams.target).value_or(0), format.target));
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
