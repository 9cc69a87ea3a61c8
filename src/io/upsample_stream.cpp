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
void CheckOutputs(const FrameNames& streams, const std::string& mask) {
  for (const std::string& output : {streams.output, streams.confidence}) {
    for (const std::string& input : {streams.guide, streams.target, mask}) {
      const bool files = !output.empty() && output != "-" && !input.empty() && input != "-";
      if (files && SameFile(output, input)) {
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

StreamResult UpsampleStream(const FrameNames& streams, const FileTask& task,
                            const std::string& raw) {
  std::signal(SIGPIPE, SIG_IGN);  // write tells
  CheckOutputs(streams, task.mask);
  const RawFormat format = ParseRawFormat(raw);
  UpsamplerOptions options = task.options;
  options.may_be_empty = true;
  options.result_type.reset();
  options.upsample.confidence = !streams.confidence.empty();
  Upsampler upsampler(std::move(options));
  const FrameBuffer mask = ReadMaskFrame(task.mask);
  RawFrameSource source(streams, format, task.packed);
  StreamResult told;
  PixelSize guide_size;
  if (!source.guide_changes()) {
    const FrameBuffer guide = ReadGuideFrame(streams.guide, told.notes);
    guide_size = {guide.width(), guide.height()};
    InContext(streams.guide, [&] { upsampler.SetGuide(guide); });
    AddGuideNote(streams.guide, upsampler, told.notes);
  }
  // What is unpacked is of another format, in the processor's order.
  RawOutputs outputs(streams, task.packed.empty() ? format.target.pixel : PixelFormat{});
  FramesAhead frames(source, outputs.streams());
  RawFrame frame;
  bool any_method = false;
  for (std::int64_t number = 1; frames.Next(frame); ++number) {
    UpsampledFrame result = InContext(source.name() + ": frame " + std::to_string(number), [&] {
      const ConstFrame target = format.target.FrameIn(frame.target);
      if (source.guide_changes()) {
        const ConstFrame guide = format.guide->FrameIn(frame.guide);
        guide_size = {guide.width, guide.height};
        upsampler.SetGuide(guide);
      }
      if (number == 1) {
        AddShapeNote(streams, guide_size, {target.width, target.height}, task.options.placement,
                     told.notes);
        // This frame and the one that is read meanwhile.
        upsampler.Reserve(kProgramBytes + 2 * (frame.guide.size() + frame.target.size()));
      }
      return task.packed.empty() ? upsampler.Upsample(target, mask)
                                 : upsampler.Upsample(Unpack(target, task.packed), mask);
    });
    any_method = any_method || !result.method.empty();
    outputs.Write(result);
  }
  if (task.options.placement.cameras && !any_method) {
    throw Error(source.name() + ": of no frame lies anything in the picture's view; expected " +
                "depth_to_color of --camera in the unit of the depth");
  }
  told.choices = upsampler.choices();
  return told;
}

}  // namespace dkn
