#include "src/io/raw_frames.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "src/io/named_file.h"
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

// Frames of a mask, "gray".
RawStream MaskStream(const RawFormat& format) {
  return {format.target.size, PixelFormat{"gray", SampleType::kUint8}, true};
}

std::vector<std::uint8_t> FirstBytes(const std::string& path, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  std::ifstream stream(path, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

}  // namespace

bool IsRawMask(const std::string& mask) {
  return !mask.empty() && !HasImageEnding(SplitName(mask).file);
}

RawFrameSource::RawFrameSource(const FrameNames& streams, const RawFormat& format,
                               const std::string& packed, const std::string& mask)
    : format_(format), check_format_(!format.target.told && packed.empty()) {
  if (format.guide) {
    guide_ = Open(streams.guide, *format.guide);
  }
  target_ = Open(streams.target, format.target);
  if (IsRawMask(mask)) {
    mask_ = Open(mask, MaskStream(format));
  }
  if (check_format_ && FileBytes(streams.target).value_or(0) > 0) {
    CheckFormat(FirstBytes(streams.target, target_.bytes));  // before an output is emptied
  }
}

RawFrameSource::Part RawFrameSource::Open(const std::string& path, const RawStream& stream) {
  const auto is_standard = [](const Part& part) {
    return part.stream != nullptr && part.stream->file() == STDIN_FILENO;
  };
  std::error_code absent;
  if (std::filesystem::is_directory(path, absent)) {
    throw Error(path + ": is a folder, expected a raw file, a pipe or a device");
  }
  Part part{nullptr, stream.FrameBytes()};
  part.stream = path == "-" && is_standard(guide_) ? guide_.stream
                : path == "-" && is_standard(target_)
                    ? target_.stream
                    : std::make_shared<ByteStream>(path, O_RDONLY);
  CheckFileSize(path, stream);
  return part;
}

void RawFrameSource::Read(Part& part, std::vector<std::uint8_t>& bytes, Watch& watch) {
  bytes.resize(part.bytes);
  part.got = 0;
  for (const Part* before : {&guide_, &target_}) {
    if (before == &part) {
      break;
    }
    if (before->stream == part.stream && before->got < before->bytes) {
      return;  // it has ended
    }
  }
  if (part.stream != nullptr) {
    part.got = part.stream->Read(bytes, watch);
  }
}

bool RawFrameSource::Next(RawFrame& frame, Watch& watch) {
  Read(guide_, frame.guide, watch);
  Read(target_, frame.target, watch);
  Read(mask_, frame.mask, watch);
  if (guide_.got + target_.got + mask_.got == 0) {
    if (frames_ == 0) {
      throw Error(name() + ": ends before the first frame");
    }
    return false;
  }
  CheckWhole();
  if (frames_ == 0 && check_format_) {
    CheckFormat(frame.target);
  }
  ++frames_;
  if (guide_changes()) {
    ToProcessor(*format_.guide, frame.guide, memory_);
  }
  SwapBytes(format_.target.pixel, frame.target);
  return true;
}

void RawFrameSource::CheckFormat(Bytes target) const {
  const std::string size =
      std::to_string(format_.target.size.width) + "x" + std::to_string(format_.target.size.height);
  const std::optional<std::string> seemed = SeemedFormat(target);
  if (seemed) {
    throw Error(name() + ": its values seem to be " + *seemed +
                ", not gray16le; --raw tells which: " + size + "," + *seemed + " or " + size +
                ",gray16le");
  }
  std::vector<std::uint16_t> values(target.size() / sizeof(std::uint16_t));
  std::memcpy(values.data(), target.data(), values.size() * sizeof(std::uint16_t));
  if (SeemsDepth16(values)) {
    throw Error(name() +
                ": its values seem to be a phone's, depth of 13 bits with a "
                "confidence above it: --packed depth16, or, if not, --raw " +
                size + ",gray16le");
  }
}

void RawFrameSource::CheckWhole() const {
  const Part* const parts[] = {&target_, &guide_, &mask_};
  for (const Part* part : parts) {
    std::size_t bytes = 0;
    std::size_t expected = 0;
    for (const Part* other : parts) {
      if (other->stream == part->stream) {
        bytes += other->got;
        expected += other->bytes;
      }
    }
    if (bytes == expected) {
      continue;
    }
    const std::string frame = std::to_string(frames_ + 1);
    throw Error(part->stream->name() +
                (bytes == 0 ? ": ends before frame " + frame + ", of which there is the other half"
                            : ": ends within frame " + frame + ", after " + std::to_string(bytes) +
                                  " of " + std::to_string(expected) + " bytes"));
  }
}

RawFrame ReadRawFrame(const FrameNames& streams, const RawFormat& format, const std::string& packed,
                      const std::string& mask) {
  RawFrameSource source(streams, format, packed, mask);
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

ConstFrame MaskIn(const RawFrame& frame, const RawFormat& format) {
  return frame.mask.empty() ? ConstFrame() : MaskStream(format).FrameIn(frame.mask);
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
