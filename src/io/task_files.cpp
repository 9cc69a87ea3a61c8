#include "src/io/task_files.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/io/depth_origin.h"
#include "src/io/image_files.h"
#include "src/io/timed_frames.h"

namespace dkn {
namespace {

constexpr double kMostStretch = 1.1;  // of one side beside the other, that needs no word

// The finest that the format of this file holds.
SampleType BestType(const std::string& path) {
  return HoldsType(path, SampleType::kFloat32)  ? SampleType::kFloat32
         : HoldsType(path, SampleType::kUint16) ? SampleType::kUint16
                                                : SampleType::kUint8;
}

FrameBuffer ReadTelling(const std::string& path, ReadOptions options,
                        std::vector<FileNote>& notes) {
  std::vector<std::string> texts;
  options.notes = &texts;
  FrameBuffer frame = ReadFrame(path, options);
  for (std::string& text : texts) {
    AddNotes({{path, std::move(text)}}, notes);
  }
  return frame;
}

// Of colours that are all grey, as painting programs save masks and depth, the grey.
FrameBuffer GreyOf(FrameBuffer frame) {
  if (frame.channels() != 3) {
    return frame;
  }
  const std::size_t sample = SampleBytes(frame.type());
  const std::size_t pixels =
      static_cast<std::size_t>(frame.width()) * static_cast<std::size_t>(frame.height());
  const auto* const from = frame.As<std::uint8_t>();
  FrameBuffer grey(frame.type(), frame.width(), frame.height());
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* const pixel = from + 3 * sample * i;
    if (!std::equal(pixel, pixel + 2 * sample, pixel + sample)) {
      return frame;
    }
    std::copy_n(pixel, sample, grey.As<std::uint8_t>() + sample * i);
  }
  return grey;
}

}  // namespace

UpsamplerOptions OptionsOf(const FileTask& task, bool confidence, bool own_guide) {
  UpsamplerOptions options = task.options;
  options.own_guide = own_guide;
  options.result_type.reset();
  options.upsample.confidence = confidence;
  return options;
}

std::vector<FrameFiles> FramesOf(const FrameNames& names, const FileTask& task,
                                 std::optional<int> first, std::optional<int> last,
                                 std::vector<FileNote>& notes) {
  const std::string& mask = task.mask;
  const bool own_guides = task.options.own_guide || task.options.upsample.same_size;
  const bool listed = !names.pairing.associations.empty();
  const bool timed = names.pairing.max_time.has_value();
  if (listed && timed) {
    throw Error("frames are paired by a list or by times, not by both");
  }
  if (listed || timed) {
    return listed ? AssociatedFrames(names, notes, mask, own_guides)
                  : TimedFrames(names, notes, mask, own_guides);
  }
  return IsFramePattern(names.target) ? PatternFrames(names, first, last, mask, own_guides)
                                      : FolderFrames(names, mask, own_guides);
}

std::int64_t PixelsOf(const ConstFrame& frame) {
  return std::int64_t{frame.width} * frame.height;
}

FrameBuffer ReadGuideFrame(const std::string& path, std::vector<FileNote>& notes) {
  ReadOptions options;
  options.guide = true;
  return ReadTelling(path, options, notes);
}

FrameBuffer ReadTargetFrame(const std::string& path, const std::string& packed,
                            std::vector<FileNote>& notes) {
  ReadOptions options;
  options.packed = packed;
  FrameBuffer frame = ReadTelling(path, options, notes);
  if (frame.channels() == 3) {
    frame = GreyOf(std::move(frame));
    if (frame.channels() == 1) {
      AddNotes({{path, "its R, G and B are equal everywhere: it is read as one channel"}}, notes);
    }
  }
  const std::string seemed =
      packed.empty() && IsInteger(frame.type()) ? SeemedPacking(ImageFileOf(frame)) : "";
  if (!seemed.empty()) {
    AddNotes({{path, "is taken as it stands, and seems to be " + seemed}}, notes);
  }
  return frame;
}

void AddNotes(const std::vector<FileNote>& more, std::vector<FileNote>& notes) {
  for (const FileNote& note : more) {
    const auto known = std::find_if(notes.begin(), notes.end(),
                                    [&](const FileNote& old) { return old.note == note.note; });
    if (known == notes.end()) {
      notes.push_back(note);
    } else {
      known->files += note.files;
    }
  }
}

void AddGuideNote(const std::string& guide, const Upsampler& upsampler,
                  std::vector<FileNote>& notes) {
  if (!upsampler.guide_note().empty()) {
    AddNotes({{guide, upsampler.guide_note()}}, notes);
  }
}

void AddShapeNote(const FrameNames& names, PixelSize guide, PixelSize target,
                  const Placement& placement, std::vector<FileNote>& notes) {
  const auto size_of = [](int width, int height) {
    ConstView view;
    view.width = width;
    view.height = height;
    return view;
  };
  const auto fits = [&](int width, int height) {
    const double stretch =
        Stretch(size_of(guide.width, guide.height), size_of(width, height), placement);
    return 1.0 / kMostStretch <= stretch && stretch <= kMostStretch;
  };
  if (fits(target.width, target.height)) {
    return;
  }
  const int width = placement.place ? placement.place->width : guide.width;
  const int height = placement.place ? placement.place->height : guide.height;
  const bool turned = fits(target.height, target.width);
  AddNotes({{names.target,
             "is " + SizeText(target.width, target.height) + " on " +
                 (placement.place ? "a place of " : "a guide of ") + SizeText(width, height) +
                 ", and was stretched " + DigitsText(1.0 * width / target.width, 3) +
                 " times along x and " + DigitsText(1.0 * height / target.height, 3) +
                 " along y; " + (turned ? "turned by a quarter it would fit; else " : "") +
                 "--place tells the part of the guide that it covers, --camera moves it into the "
                 "guide's view"}},
           notes);
}

void AddOrderNote(const FrameNames& names, const ConstFrame& guide, const ConstFrame& target,
                  std::vector<FileNote>& notes) {
  if (guide.channels == 1 && guide.type == SampleType::kUint16 && target.channels == 3 &&
      target.type == SampleType::kUint8) {
    AddNotes({{names.target,
               "is in colour, and its guide has one channel of 16 bits, as depth has: are the two "
               "exchanged? The guide comes first"}},
             notes);
  }
}

FrameBuffer ReadMaskFrame(const std::string& path) {
  if (path.empty()) {
    return FrameBuffer();
  }
  FrameBuffer mask = GreyOf(ReadFrame(path));
  if (mask.channels() != 1) {
    throw Error(path + ": the mask has " + std::to_string(mask.channels()) +
                " channels, expected 1 (grey)");
  }
  return mask;
}

void CheckMaskSize(const std::string& path, const ConstFrame& mask, PixelSize target) {
  if (mask.data != nullptr && (mask.width != target.width || mask.height != target.height)) {
    throw Error(path + ": the mask is " + SizeText(mask.width, mask.height) +
                ", expected the target's size, " + SizeText(target.width, target.height));
  }
}

void AddFindings(const UpsampledFrame& found, std::int64_t pixels, TargetFindings& findings) {
  const auto add = [pixels](int of_frame, PixelShare& share) {
    if (of_frame > 0) {
      ++share.frames;
      share.pixels += of_frame;
      share.all += pixels;
    }
  };
  add(found.zero_holes, findings.zero_holes);
  add(found.zero_values, findings.zero_values);
  add(found.lone_pixels, findings.lone);
  std::vector<float>& values = findings.lone_values;
  values.insert(values.end(), found.lone_values.begin(), found.lone_values.end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

FrameBuffer ConfidenceFrame(const Image& confidence, SampleType type) {
  if (!IsInteger(type)) {
    return FrameOf(confidence, type);
  }
  Image scaled = Image::Clone(confidence);
  std::for_each(scaled.data(), scaled.data() + scaled.size(),
                [full = FullScale(type)](float& value) { value *= full; });
  return FrameOf(scaled, type);
}

SampleType ResultTypeIn(const std::string& path, SampleType target) {
  std::vector<SampleType> types{target, SampleType::kFloat32};
  if (!IsInteger(target)) {
    types.push_back(SampleType::kUint16);
  }
  for (const SampleType type : types) {
    if (HoldsType(path, type)) {
      return type;
    }
  }
  throw Error(path + ": such a file cannot hold the target's values, " + SampleTypeName(target) +
              "; .png, .tif, .npy, .exr and .pfm can");
}

UpsampledFrame UpsampleInto(const FrameNames& files, PixelSize guide, const ConstFrame& target,
                            const ConstFrame& mask, Upsampler& upsampler, MemoryAfter memory) {
  FrameBuffer image(ResultTypeIn(files.output, target.type), guide.width, guide.height,
                    target.channels);
  UpsampledFrame result =
      InContext(files.target, [&] { return upsampler.Upsample(target, mask, image); });
  if (memory == MemoryAfter::kFreed) {
    upsampler.FreeMemory();
  }
  result.mask = Image();
  std::vector<FileContent> contents;
  contents.push_back({files.output, FrameFileBytes(files.output, image)});
  image = FrameBuffer();  // codecs have memory of their own
  if (!files.confidence.empty()) {
    const FrameBuffer confidence = ConfidenceFrame(result.confidence, BestType(files.confidence));
    result.confidence = Image();
    contents.push_back({files.confidence, FrameFileBytes(files.confidence, confidence)});
  }
  WriteFilesBytes(contents);
  return result;
}

}  // namespace dkn
