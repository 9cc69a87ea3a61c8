#include "cli/raw_stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "cli/sample_type.h"
#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/bytes.h"
#include "src/io/frame_files.h"

namespace dkn {
namespace {

constexpr int kMaxSide = 1 << 16;
constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;
constexpr int kGuideChannels = 3;

std::size_t Pixels(const RawSize& size) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

// A file, or a standard stream, which it leaves open.
class Stream {
 public:
  // `flags` as for open.
  Stream(const std::string& path, int flags) {
    const bool standard = path == "-";
    const bool writes = (flags & O_WRONLY) != 0;
    name_ = !standard ? path : writes ? "standard output" : "standard input";
    file_ = standard ? (writes ? STDOUT_FILENO : STDIN_FILENO) : Open(path, flags);
    owned_ = !standard;
    if (standard && isatty(file_) == 1) {
      throw Error(name_ + " is a terminal; raw frames need a pipe or a file");
    }
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (owned_) {
      close(file_);
    }
  }

  const std::string& name() const { return name_; }

  // How many bytes came: fewer than asked for at the end alone.
  std::size_t Read(std::span<std::uint8_t> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = read(file_, bytes.data() + done, bytes.size() - done);
      if (count == 0) {
        break;
      }
      if (count > 0) {
        done += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        throw Error(name_ + ": cannot be read: " + std::strerror(errno));
      }
    }
    return done;
  }

  void Write(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t count = write(file_, bytes.data(), bytes.size());
      if (count >= 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(count));
      } else if (errno == EPIPE) {
        throw Error(name_ + ": who reads it has closed it");
      } else if (errno != EINTR) {
        throw Error(name_ + ": cannot be written: " + std::strerror(errno));
      }
    }
  }

 private:
  static int Open(const std::string& path, int flags) {
    int file = -1;
    do {
      file = open(path.c_str(), flags | O_CLOEXEC, 0666);
    } while (file < 0 && errno == EINTR);
    if (file < 0) {
      throw Error(path + ": cannot be opened: " + std::strerror(errno));
    }
    return file;
  }

  std::string name_;
  int file_ = -1;
  bool owned_ = false;
};

// A network as FrameStream runs it.
class StreamFilter : public JointFilter {
 public:
  explicit StreamFilter(const Model& model) : model_(model) {}

  // The guide's values have changed.
  void SetChanged() { changed_ = true; }

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    if (input.confidence) {  // FrameStream does not tell it
      model_.Apply(input, output);
      return;
    }
    output.support = Image();
    output.confidence = Image();
    if (stream_ == nullptr) {
      stream_ = std::make_unique<FrameStream>(
          model_, FrameSize{input.guide.width, input.guide.height, input.guide.channels,
                            input.target.channels});
    }
    if (changed_ || input.guide.data != guide_) {
      stream_->SetGuide(input.guide);
      guide_ = input.guide.data;
      changed_ = false;
    }
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    stream_->Filter(input.target, output.image);
  }

 private:
  const Model& model_;
  mutable bool changed_ = true;
  mutable const float* guide_ = nullptr;
  mutable std::unique_ptr<FrameStream> stream_;
};

// Reads frames of guide and target from where they come.
class FrameSource {
 public:
  FrameSource(const RawStreams& streams, const RawFormat& format)
      : target_bytes_(2 * Pixels(format.target)),
        target_(format.target.width, format.target.height) {
    if (format.guide) {
      guide_bytes_.resize(kGuideChannels * Pixels(*format.guide));
      guide_ = Image(format.guide->width, format.guide->height, kGuideChannels);
      guide_stream_ = std::make_shared<Stream>(streams.guide, O_RDONLY);
    } else {
      guide_ = ReadGuide(streams.guide);
    }
    const bool interleaved = format.guide && streams.guide == "-" && streams.target == "-";
    target_stream_ =
        interleaved ? guide_stream_ : std::make_shared<Stream>(streams.target, O_RDONLY);
  }

  bool guide_changes() const { return guide_stream_ != nullptr; }
  const Image& guide() const { return guide_; }
  const Image& target() const { return target_; }
  // That were read whole.
  std::int64_t frames() const { return frames_; }

  // Reads a frame; false at the end.
  bool Next() {
    const std::size_t of_guide = guide_changes() ? guide_stream_->Read(guide_bytes_) : 0;
    const std::size_t of_target = of_guide < guide_bytes_.size() && target_stream_ == guide_stream_
                                      ? 0
                                      : target_stream_->Read(target_bytes_);
    if (of_guide == 0 && of_target == 0) {
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
    Decode();
    return true;
  }

 private:
  void CheckWhole(const Stream& stream, std::size_t bytes, std::size_t expected) const {
    if (bytes == expected) {
      return;
    }
    const std::string frame = std::to_string(frames_ + 1);
    throw Error(stream.name() +
                (bytes == 0 ? ": ends before frame " + frame + ", of which there is the other half"
                            : ": ends within frame " + frame + ", after " + std::to_string(bytes) +
                                  " of " + std::to_string(expected) + " bytes"));
  }

  void Decode() {
    for (std::size_t i = 0; i < target_.size(); ++i) {
      target_.data()[i] = static_cast<float>(target_bytes_[2 * i] | target_bytes_[2 * i + 1] << 8);
    }
    for (int c = 0; guide_changes() && c < kGuideChannels; ++c) {
      float* const plane = guide_.Row(0, c);
      for (std::size_t i = 0; i < guide_bytes_.size() / kGuideChannels; ++i) {
        plane[i] =
            static_cast<float>(guide_bytes_[kGuideChannels * i + static_cast<std::size_t>(c)]) /
            255.0f;
      }
    }
  }

  std::vector<std::uint8_t> guide_bytes_;  // empty where a picture is the guide
  std::vector<std::uint8_t> target_bytes_;
  Image guide_;
  Image target_;
  std::shared_ptr<Stream> guide_stream_;  // null where a picture is the guide
  std::shared_ptr<Stream> target_stream_;
  std::int64_t frames_ = 0;
};

// The values times `scale`, which must fit 16 bits.
void Encode(const Image& image, float scale, std::vector<std::uint8_t>& bytes) {
  bytes.clear();
  for (std::size_t i = 0; i < image.size(); ++i) {
    AppendLittleEndian(static_cast<std::uint16_t>(std::nearbyint(scale * image.data()[i])), bytes);
  }
}

// "WxH" from `at` on, which goes to its end; false where there is none.
bool ParseSize(const char*& at, const char* end, RawSize& size) {
  const auto side = [&](int& value) {
    const auto [next, code] = std::from_chars(at, end, value);
    at = next;
    return code == std::errc() && 1 <= value && value <= kMaxSide;
  };
  return side(size.width) && at != end && *at++ == 'x' && side(size.height) &&
         std::int64_t{size.width} * size.height <= kMaxPixels;
}

// Opening a file for writing empties it.
void CheckOutputs(const RawStreams& streams) {
  for (const std::string& output : {streams.output, streams.confidence}) {
    for (const std::string& input : {streams.guide, streams.target}) {
      if (!output.empty() && output != "-" && input != "-" && SameFile(output, input)) {
        throw Error(output + ": results would take the place of what they are made of");
      }
    }
  }
  if (streams.confidence == "-" ||
      (!streams.confidence.empty() && SameFile(streams.confidence, streams.output))) {
    throw Error("--confidence: '" + streams.confidence +
                "' is no file or named pipe of its own, as raw confidence needs one");
  }
}

}  // namespace

RawFormat ParseRawFormat(const std::string& text) {
  RawFormat format;
  const char* at = text.data();
  const char* const end = at + text.size();
  bool good = ParseSize(at, end, format.target);
  if (good && at != end && *at == ':') {
    ++at;
    good = ParseSize(at, end, format.guide.emplace());
  }
  if (!good || at != end) {
    throw Error("'" + text +
                "' is no size of raw frames; expected WIDTHxHEIGHT of the target or "
                "WIDTHxHEIGHT:WIDTHxHEIGHT of target and guide, sides up to 65536");
  }
  return format;
}

void UpsampleStream(const RawStreams& streams, const RawFormat& format,
                    const UpsamplingTask& task) {
  std::signal(SIGPIPE, SIG_IGN);  // write tells
  CheckOutputs(streams);
  UpsamplingTask frame_task = task;
  frame_task.may_be_empty = true;
  UpsamplingFilters filters(task);
  FrameSource source(streams, format);
  const JointFilter& filter =
      filters.For(UpsamplingScale(source.guide(), source.target(), task.geometry));
  std::unique_ptr<StreamFilter> network;
  if (const auto* model = dynamic_cast<const Model*>(&filter)) {
    network = std::make_unique<StreamFilter>(*model);
  }
  constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC;
  Stream output(streams.output, kNew);
  std::optional<Stream> confidence;
  if (!streams.confidence.empty()) {
    confidence.emplace(streams.confidence, kNew);
  }
  std::vector<std::uint8_t> bytes;
  while (source.Next()) {
    if (network != nullptr && source.guide_changes()) {
      network->SetChanged();
    }
    const Upsampled result = UpsampleForType(source.guide(), source.target(), SampleType::kUint16,
                                             network != nullptr ? *network : filter, frame_task);
    Encode(result.image, 1.0f, bytes);
    output.Write(bytes);
    if (confidence) {
      Encode(result.confidence, FullScale(SampleType::kUint16), bytes);
      confidence->Write(bytes);
    }
  }
  if (source.frames() == 0) {
    throw Error((streams.target == "-" ? "standard input" : streams.target) +
                ": ends before the first frame");
  }
  filters.TellChoice();
}

}  // namespace dkn
