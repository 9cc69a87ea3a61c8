#include <fcntl.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/upsample_files.h"
#include "src/core/in_context.h"
#include "src/io/byte_stream.h"
#include "src/io/frame_files.h"
#include "src/io/packed_depth.h"
#include "src/io/raw_frames.h"
#include "src/io/task_files.h"

namespace dkn {
namespace {

// The streams that results are written to: images, and confidence where it is asked for.
class RawOutputs {
 public:
  // Images are written in the order of bytes of `pixel`.
  RawOutputs(const FrameNames& streams, const PixelFormat& pixel)
      : pixel_(pixel), images_(streams.output, kNew) {
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

  void Write(UpsampledFrame& result) {
    SwapBytes(pixel_, {result.image.As<std::uint8_t>(), result.image.bytes()});
    Write(result.image, images_);
    if (confidences_) {
      Write(ConfidenceFrame(result.confidence, SampleType::kUint16), *confidences_);
    }
  }

 private:
  static constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC;

  static void Write(const FrameBuffer& frame, ByteStream& stream) {
    stream.Write({frame.As<std::uint8_t>(), frame.bytes()});
  }

  const PixelFormat pixel_;
  ByteStream images_;
  std::optional<ByteStream> confidences_;
};

// Opening a file for writing empties it.
void CheckOutputs(const FrameNames& streams) {
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

std::vector<MethodChoice> UpsampleStream(const FrameNames& streams, const FileTask& task,
                                         const std::string& raw) {
  std::signal(SIGPIPE, SIG_IGN);  // write tells
  CheckOutputs(streams);
  const RawFormat format = ParseRawFormat(raw);
  UpsamplerOptions options = task.options;
  options.may_be_empty = true;
  options.result_type.reset();
  options.upsample.confidence = !streams.confidence.empty();
  Upsampler upsampler(std::move(options));
  const FrameBuffer mask = ReadMaskFrame(task.mask);
  RawFrameSource source(streams, format, task.packed);
  if (!source.guide_changes()) {
    std::vector<FileNote> notes;
    const FrameBuffer guide = ReadGuideFrame(streams.guide, notes);
    InContext(streams.guide, [&] { upsampler.SetGuide(guide); });
  }
  // What is unpacked is of another format, in the processor's order.
  RawOutputs outputs(streams, task.packed.empty() ? format.target.pixel : PixelFormat{});
  FramesAhead frames(source, outputs.streams());
  RawFrame frame;
  for (std::int64_t number = 1; frames.Next(frame); ++number) {
    UpsampledFrame result = InContext(source.name() + ": frame " + std::to_string(number), [&] {
      if (source.guide_changes()) {
        upsampler.SetGuide(format.guide->FrameIn(frame.guide));
      }
      const ConstFrame target = format.target.FrameIn(frame.target);
      return task.packed.empty() ? upsampler.Upsample(target, mask)
                                 : upsampler.Upsample(Unpack(target, task.packed), mask);
    });
    outputs.Write(result);
  }
  return upsampler.choices();
}

}  // namespace dkn
