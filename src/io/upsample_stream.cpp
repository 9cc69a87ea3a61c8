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
#include "src/io/own_guides.h"
#include "src/io/packed_depth.h"
#include "src/io/raw_frames.h"
#include "src/io/task_files.h"

namespace dkn {
namespace {

// R,G,B of each pixel becomes B,G,R.
void ReverseColours(FrameBuffer& image) {
  const std::size_t sample = SampleBytes(image.type());
  const std::size_t pixel = sample * static_cast<std::size_t>(image.channels());
  auto* const first = image.As<std::uint8_t>();
  for (std::uint8_t* at = first; at != first + image.bytes(); at += pixel) {
    std::swap_ranges(at, at + sample, at + 2 * sample);
  }
}

// The streams that results are written to: images, and confidence where it is asked for.
class RawOutputs {
 public:
  // Images are written in the order of bytes and colours of `pixel`.
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
    if (pixel_.order == ChannelOrder::kBgr) {
      ReverseColours(result.image);
    }
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

// Of the image that an Upsampler makes of such a guide.
std::size_t GuideBytes(const RawStream& guide) {
  return sizeof(float) * static_cast<std::size_t>(GuideChannels(guide.pixel.channels)) *
         static_cast<std::size_t>(guide.size.width) * static_cast<std::size_t>(guide.size.height);
}

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

// The picture that guides all frames; gives its size.
PixelSize SetPicture(const std::string& path, Upsampler& upsampler, std::vector<FileNote>& notes) {
  const FrameBuffer guide = ReadGuideFrame(path, notes);
  InContext(path, [&] { upsampler.SetGuide(guide); });
  AddGuideNote(path, upsampler, notes);
  return {guide.width(), guide.height()};
}

// The masks of frames: a picture for all, one in each, or none.
class Masks {
 public:
  // Throws Error, naming its file, for a picture that has not the target's size.
  Masks(const std::string& mask, const RawFormat& format)
      : format_(format), picture_(ReadMaskFrame(IsRawMask(mask) ? "" : mask)) {
    CheckMaskSize(mask, picture_, format.target.size);
  }
  ConstFrame Of(const RawFrame& frame) const {
    return frame.mask.empty() ? picture_.frame() : MaskIn(frame, format_);
  }

 private:
  const RawFormat format_;
  const FrameBuffer picture_;
};

}  // namespace

StreamResult UpsampleStream(const FrameNames& streams, const FileTask& task,
                            const std::string& raw) {
  std::signal(SIGPIPE, SIG_IGN);  // write tells
  CheckOutputs(streams, task.mask);
  const RawFormat format = ParseRawFormat(raw);
  UpsamplerOptions options =
      OptionsOf(task, !streams.confidence.empty(), IsOwnGuide(streams, format, task));
  options.may_be_empty = true;
  Upsampler upsampler(std::move(options));
  const Masks masks(task.mask, format);
  RawFrameSource source(streams, format, task.packed, task.mask);
  StreamResult told;
  const PixelSize guide_size = source.guide_changes() ? format.guide->size
                               : upsampler.options().own_guide
                                   ? format.target.size
                                   : SetPicture(streams.guide, upsampler, told.notes);
  // What is unpacked is of another format, in the processor's order.
  RawOutputs outputs(streams, task.packed.empty() ? format.target.pixel : PixelFormat{});
  FramesAhead frames(source, outputs.streams());
  RawFrame frame;
  bool any_method = false;
  for (std::int64_t number = 1; frames.Next(frame); ++number) {
    UpsampledFrame result = InContext(source.name() + ": frame " + std::to_string(number), [&] {
      const ConstFrame target = format.target.FrameIn(frame.target);
      if (source.guide_changes()) {
        upsampler.SetGuide(format.guide->FrameIn(frame.guide));
      }
      if (number == 1) {
        AddShapeNote(streams, guide_size, {target.width, target.height}, task.options.placement,
                     told.notes);
      }
      // This frame and the one that is read meanwhile; beside the first one, too, the guide that
      // SetGuide keeps memory for from the second on.
      const bool first_of_guides = number == 1 && source.guide_changes();
      upsampler.Reserve(kProgramBytes + 2 * frame.bytes() + source.bytes() +
                        (first_of_guides ? GuideBytes(*format.guide) : 0));
      return task.packed.empty() ? upsampler.Upsample(target, masks.Of(frame))
                                 : upsampler.Upsample(Unpack(target, task.packed), masks.Of(frame));
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
