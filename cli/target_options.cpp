#include "cli/target_options.h"

#include <malloc.h>

#include <cstdio>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/pipeline/invalid_text.h"

namespace dkn {
namespace {

// "12.2 % of the pixels"; of frames "12.2 % of the pixels of 3 of 40 frames".
std::string ShareText(const PixelShare& share, int of_frames) {
  const std::string text = DigitsText(share.percent(), 3) + " % of the pixels";
  return of_frames == 0 ? text
                        : text + " of " + std::to_string(share.frames) + " of " +
                              std::to_string(of_frames) + " frames";
}

// Values with this between them.
std::string Joined(const std::vector<float>& values, const char* between) {
  std::string text;
  for (const float value : values) {
    text += (text.empty() ? "" : between) + ShortestText(value);
  }
  return text;
}

// For a bound of memory that is the process's. glibc takes the size of what was freed last for the
// limit below which memory stays with the program, and images of one frame would leave holes
// between those of the next: three of 3200 x 2400 took 404 MB at a bound of 400, so 338.
void GiveFreedMemoryBack() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

}  // namespace

void TargetOptions::Apply() {
  SetThreads(threads);
  if (task.options.network.max_memory_mb > 0) {
    GiveFreedMemoryBack();
  }
  UpsamplerOptions& how = task.options;
  how.network.precision = ChosenPrecision(precision);
  how.settings = ChosenSettings(settings);
  how.upsample.holes = ParseHoleMode(holes);
  if (mask_at_least) {
    how.mask_at_least = static_cast<float>(*mask_at_least);
  }
  if (task.mask.empty() && (mask_at_least || how.upsample.soft_mask)) {
    throw ArgumentError(std::string(mask_at_least ? "--mask-at-least" : "--soft-mask") +
                        " tells how to read a mask, and there is none; --mask names it");
  }
  InContext("--invalid", [&] { SetInvalid(invalid, how); });
}

void AddHoleOptions(CLI::App& command, TargetOptions& options) {
  UpsamplerOptions& how = options.task.options;
  command.add_option(
      "--invalid", options.invalid,
      "Values that stand for holes, as 0 or '0,65535,>8000' or '<0.1' or 100..200 or nan, the "
      "first "
      "single one in the result too; or none. Default: 0 of integers that seem to be depth or the "
      "like (one channel of 16 bits with many values), which is told; of pictures, masks, labels "
      "and floats those alone that are not finite");
  command.add_option(
      "--mask", options.task.mask,
      "Image of TARGET's size, of one channel, that is 0 where TARGET has a hole "
      "too; of frames one for all, or a folder or a pattern as of TARGET; of --raw a "
      "name without an image's ending is a stream of gray frames of 8 bits, - behind "
      "TARGET. One of floats is soft, see --soft-mask");
  CLI::Option* least = command.add_option(
      "--mask-at-least", options.mask_at_least,
      "The mask's values below this are holes, all others are measured; 2 for a phone's 0, 1, 2");
  command
      .add_flag("--soft-mask", how.upsample.soft_mask,
                "The mask says how far to trust each pixel, 0 to the largest value of its integer "
                "type, or 1 of floats; those below half of the most are drawn towards others")
      ->excludes(least);
  command.add_flag("--keep-wild-values", how.upsample.keep_wild_values,
                   "Take isolated values more than 4 times as large as all others for real, else "
                   "they are told and count as holes; with --invalid none they are real");
  command
      .add_option("--holes", options.holes,
                  "fill: a value everywhere; keep: holes stay; measured: values where the kernel "
                  "has support, see --support")
      ->check(CLI::IsMember({"fill", "keep", "measured"}))
      ->capture_default_str();
  command
      .add_option("--support", how.upsample.least_support,
                  "For --holes measured: the least share of the kernel's weight on measured pixels")
      ->check(NumberFrom("0.001", "1"))
      ->capture_default_str();
  command
      .add_option("--hole-refinements", how.upsample.hole_refinements,
                  "How often holes are filled anew by what the method made of them, each for half "
                  "of a network's time; 0: by the guide alone")
      ->check(IntegerFrom(0, 1000))
      ->capture_default_str();
  command.add_option("--confidence", options.confidence,
                     "Write for each pixel how far to trust it, 0 to 1 (in PNG 65535 is 1); of "
                     "frames a folder or a pattern of its own, of --raw a file or a pipe, which "
                     "gets gray16le frames, 65535 for 1");
}

void AddOrientationsOption(CLI::App& command, TargetOptions& options) {
  command
      .add_option("--orientations", options.task.options.orientations,
                  "1, 2, 4 or 8, in which each frame is filtered: mirrored, turned and transposed. "
                  "The mean of all is 1 to 3 % closer to the truth, for so many times the work")
      ->check(CLI::IsMember({1, 2, 4, 8}))
      ->capture_default_str();
}

void AddScaleOption(CLI::App& command, TargetOptions& options) {
  command
      .add_option(
          "--scale", options.task.options.step,
          "Metres that one step of 16-bit integers is: a 16-bit target becomes float metres "
          "in .pfm and .exr (holes NaN), a float target 16 bits in .png (holes 0; an error "
          "where a value does not fit, or all are lost in steps that are too large). Without "
          "effect where the result's file can hold "
          "the target's type, as .npy and .tif always can")
      ->check(NumberFrom("0.000000001", "1000000"))
      ->capture_default_str();
}

void AddPackedOption(CLI::App& command, TargetOptions& options) {
  command.add_option(
      "--packed", options.task.packed,
      "How TARGET's pixels hold depth (docs/formats.md): bits:FIRST-LAST, depth16 (phones), "
      "sunrgbd "
      "of 16 bits; carla, rgb24, rgb24:FAR, bgr24, mapbox, terrarium, tartanair of colours");
}

void TellNotes(const std::vector<FileNote>& notes) {
  for (const FileNote& note : notes) {
    const std::string others =
        note.files > 1 ? " (and " + std::to_string(note.files - 1) + " more)" : "";
    std::fprintf(stderr, "dkn: %s%s: %s\n", note.file.c_str(), others.c_str(), note.note.c_str());
  }
}

void TellFindings(const TargetFindings& findings, const TargetOptions& options, int of_frames) {
  if (findings.zero_holes.frames > 0) {
    std::fprintf(stderr, "dkn: 0 counts as a hole: %s; --invalid none takes it for a value\n",
                 ShareText(findings.zero_holes, of_frames).c_str());
  }
  if (findings.zero_values.frames > 0) {
    std::fprintf(stderr,
                 "dkn: 0 counts as a value, as in masks and labels: %s; --invalid 0 takes it for a "
                 "hole\n",
                 ShareText(findings.zero_values, of_frames).c_str());
  }
  if (findings.lone.frames > 0) {
    const std::string known = !options.invalid.empty()         ? options.invalid + ","
                              : findings.zero_holes.frames > 0 ? "0,"
                                                               : "";
    const std::string values = known + Joined(findings.lone_values, ",");
    // Else a shell takes the one for a file, and the program the other for an option.
    const char* const quote = values.find_first_of("<>") == std::string::npos ? "" : "'";
    std::fprintf(stderr,
                 "dkn: %s are %s, far from all others; if that means no measurement, "
                 "--invalid%s%s%s%s makes holes of them\n",
                 ShareText(findings.lone, of_frames).c_str(),
                 Joined(findings.lone_values, " or ").c_str(), values[0] == '-' ? "=" : " ", quote,
                 values.c_str(), quote);
  }
}

void TellWildValues(std::int64_t count, float wildest, const std::string& where) {
  const bool one = count == 1;
  if (count > 0) {
    std::fprintf(stderr,
                 "dkn: %lld value%s%s far from all others (%s%.6g) count%s as %s; "
                 "--keep-wild-values takes %s for real\n",
                 static_cast<long long>(count), one ? "" : "s", where.c_str(), one ? "" : "up to ",
                 wildest, one ? "s" : "", one ? "a hole" : "holes", one ? "it" : "them");
  }
}

}  // namespace dkn
