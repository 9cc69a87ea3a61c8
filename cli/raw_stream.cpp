#include "cli/raw_stream.h"

#include <fcntl.h>

#include <cmath>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/byte_stream.h"
#include "cli/raw_frames.h"
#include "cli/sample_type.h"
#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/core/bytes.h"
#include "src/io/frame_files.h"

namespace dkn {
namespace {

constexpr FrameTypes kRawTypes{SampleType::kUint16, SampleType::kUint16};

// A filter for frames under one picture: it does its work for that once. Of one thread.
class PictureFilter : public JointFilter {
 public:
  explicit PictureFilter(const JointFilter& filter) : filter_(filter) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    const ConstView& guide = input.guide;
    if (session_ == nullptr || guide.data != guide_.data) {
      session_ =
          filter_.StartSession({guide.width, guide.height, guide.channels, input.target.channels});
      session_->SetGuide(guide);
      guide_ = guide;
    }
    session_->Apply(input, output);
  }

 private:
  const JointFilter& filter_;
  mutable std::unique_ptr<FilterSession> session_;
  mutable ConstView guide_;
};

// Where results go.
class RawOutputs {
 public:
  explicit RawOutputs(const RawStreams& streams) : images_(streams.output, kNew) {
    if (!streams.confidence.empty()) {
      confidences_.emplace(streams.confidence, kNew);
    }
  }

  std::vector<const ByteStream*> streams() const {
    std::vector<const ByteStream*> all{&images_};
    if (confidences_) {
      all.push_back(&*confidences_);
    }
    return all;
  }

  void Write(const Upsampled& result) {
    Write(result.image, 1.0f, images_);
    if (confidences_) {
      Write(result.confidence, FullScale(SampleType::kUint16), *confidences_);
    }
  }

 private:
  static constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC;

  // The values times `scale`, which must fit 16 bits.
  void Write(const Image& image, float scale, ByteStream& stream) {
    bytes_.clear();
    for (std::size_t i = 0; i < image.size(); ++i) {
      AppendLittleEndian(static_cast<std::uint16_t>(std::nearbyint(scale * image.data()[i])),
                         bytes_);
    }
    stream.Write(bytes_);
  }

  ByteStream images_;
  std::optional<ByteStream> confidences_;
  std::vector<std::uint8_t> bytes_;
};

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

void UpsampleStream(const RawStreams& streams, const RawFormat& format,
                    const UpsamplingTask& task) {
  std::signal(SIGPIPE, SIG_IGN);  // write tells
  CheckOutputs(streams);
  UpsamplingTask frame_task = task;
  frame_task.may_be_empty = true;
  UpsamplingFilters filters(task);
  RawFrameSource source(streams, format);
  RawFrame frame = source.MakeFrame();
  const Image& guide = source.guide_changes() ? frame.guide : source.picture();
  const JointFilter& filter = filters.For(UpsamplingScale(guide, frame.target, task.geometry));
  const PictureFilter under_picture(filter);
  RawOutputs outputs(streams);
  FramesAhead frames(source, outputs.streams());
  while (frames.Next(frame)) {
    outputs.Write(UpsampleForType(guide, frame.target, kRawTypes,
                                  source.guide_changes() ? filter : under_picture, frame_task));
  }
  filters.TellChoice();
}

}  // namespace dkn
