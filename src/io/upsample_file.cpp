#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/upsample_files.h"
#include "src/core/in_context.h"
#include "src/io/frame_files.h"
#include "src/io/own_guides.h"
#include "src/io/packed_depth.h"
#include "src/io/raw_frames.h"
#include "src/io/task_files.h"

namespace dkn {
namespace {

// Throws Error where a name is - for standard input or output, which are for raw frames alone.
void CheckFiles(const FrameNames& names) {
  for (const std::string& name : {names.guide, names.target, names.output}) {
    if (name == "-") {
      throw Error("-: standard input and output hold raw frames alone; --raw tells of which size");
    }
  }
}

void CheckOutputs(const FrameNames& names, const std::string& mask) {
  const std::pair<const std::string&, const char*> inputs[] = {
      {names.guide, "guide"}, {names.target, "target"}, {mask, "mask"}};
  for (const auto& [input, what] : inputs) {
    if (!input.empty() && SameFile(names.output, input)) {
      throw Error(names.output + ": the result would take the place of the " + what +
                  "; -o needs a file of its own");
    }
  }
  for (const std::string& other : {names.output, names.guide, names.target, mask}) {
    if (!names.confidence.empty() && !other.empty() && SameFile(names.confidence, other)) {
      throw Error(names.confidence + ": the confidence needs a file of its own");
    }
  }
}

struct SingleFrame {
  FrameBuffer guide;  // empty where the target is it
  FrameBuffer target;
  FrameBuffer mask;  // empty where there is none
};

SingleFrame ReadOne(const FrameNames& names, const FileTask& task, bool own_guide,
                    std::vector<FileNote>& notes) {
  FrameBuffer guide = own_guide ? FrameBuffer() : ReadGuideFrame(names.guide, notes);
  FrameBuffer target = ReadTargetFrame(names.target, task.packed, notes);
  return {std::move(guide), std::move(target), ReadMaskFrame(task.mask)};
}

// The raw frame of a stream as a frame of its own.
SingleFrame ReadOneRaw(const FrameNames& names, const RawFormat& format, const FileTask& task,
                       bool own_guide, std::vector<FileNote>& notes) {
  const RawFrame bytes = ReadRawFrame(names, format, task.packed, task.mask);
  const auto copy = [](const ConstFrame& frame) { return FrameOf(ImageOf(frame), frame.type); };
  const ConstFrame target = format.target.FrameIn(bytes.target);
  SingleFrame frame;
  if (format.guide) {
    frame.guide = copy(format.guide->FrameIn(bytes.guide));
  } else if (!own_guide) {
    frame.guide = ReadGuideFrame(names.guide, notes);
  }
  frame.target = task.packed.empty()
                     ? copy(target)
                     : InContext(names.target, [&] { return Unpack(target, task.packed); });
  frame.mask = bytes.mask.empty() ? ReadMaskFrame(task.mask) : copy(MaskIn(bytes, format));
  return frame;
}

}  // namespace

FileResult UpsampleFile(const FrameNames& names, const FileTask& task, const std::string& raw) {
  if (raw.empty()) {
    CheckFiles(names);
  }
  CheckOutputs(names, task.mask);
  CheckImageOutput(names.output);
  if (!names.confidence.empty()) {
    CheckImageOutput(names.confidence);
  }
  const std::optional<RawFormat> format =
      raw.empty() ? std::nullopt : std::optional<RawFormat>(ParseRawFormat(raw));
  const bool own_guide =
      format ? IsOwnGuide(names, *format, task) : IsOwnGuide(names.guide, names.target, task);
  // Bicubic converts files.
  const bool may_be_one = format || !task.options.method.empty() || task.options.upsample.same_size;
  if (!may_be_one) {
    CheckGuideIsNoTarget(names.guide, names.target);
  }
  Upsampler upsampler(OptionsOf(task, !names.confidence.empty(), own_guide));
  std::vector<FileNote> notes;
  SingleFrame frame = format ? ReadOneRaw(names, *format, task, own_guide, notes)
                             : ReadOne(names, task, own_guide, notes);
  if (!may_be_one) {
    CheckGuideIsNoTarget(names, frame.guide, frame.target);
  }
  PixelSize size{frame.target.width(), frame.target.height()};
  if (!own_guide) {
    size = {frame.guide.width(), frame.guide.height()};
    InContext(names.guide, [&] { upsampler.SetGuide(frame.guide); });
    AddGuideNote(names.guide, upsampler, notes);
    AddOrderNote(names, frame.guide, frame.target, notes);
  }
  AddShapeNote(names, size, {frame.target.width(), frame.target.height()}, task.options.placement,
               notes);
  upsampler.Reserve(kProgramBytes + frame.guide.bytes());  // as Batch has it: the same tiles
  frame.guide = FrameBuffer();
  CheckMaskSize(task.mask, frame.mask, {frame.target.width(), frame.target.height()});
  const UpsampledFrame result =
      UpsampleInto(names, size, frame.target, frame.mask, upsampler, MemoryAfter::kFreed);
  const std::int64_t pixels = PixelsOf(frame.target);
  TargetFindings findings;
  AddFindings(result, pixels, findings);
  return {
      upsampler.choices(), result.holes,       100.0 * result.holes / static_cast<double>(pixels),
      result.residual,     result.wild_values, result.wildest_value,
      std::move(notes),    std::move(findings)};
}

}  // namespace dkn
