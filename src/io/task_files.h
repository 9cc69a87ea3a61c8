#ifndef DKN_SRC_IO_TASK_FILES_H_
#define DKN_SRC_IO_TASK_FILES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/upsample_files.h"
#include "src/io/frame_files.h"
#include "src/io/pixel_size.h"

// What one image, many and streams share.
namespace dkn {

// The options for frames of this task, with confidence where it is asked for.
UpsamplerOptions OptionsOf(const FileTask& task, bool confidence, bool own_guide);

// The frames of folders or patterns that UpsampleFiles takes by these names; what it tells of them
// is added to the notes. Without an output's name frames are only read.
std::vector<FrameFiles> FramesOf(const FrameNames& names, const FileTask& task,
                                 std::optional<int> first, std::optional<int> last,
                                 std::vector<FileNote>& notes);

std::int64_t PixelsOf(const ConstFrame& frame);

// ReadFrame of a guide or of a target, which is unpacked as `packed` says (ReadOptions::packed);
// what it tells is added to the notes, of each text one, and so is a target that seems to be packed
// where nobody says so. A target whose R, G and B are equal everywhere is one channel, told too.
FrameBuffer ReadGuideFrame(const std::string& path, std::vector<FileNote>& notes);
FrameBuffer ReadTargetFrame(const std::string& path, const std::string& packed,
                            std::vector<FileNote>& notes);
void AddNotes(const std::vector<FileNote>& more, std::vector<FileNote>& notes);

// What a person should know of guides and targets before looking at results: none, or the guide's
// range (Upsampler::guide_note), a target of another shape than the guide, and two that seem to be
// exchanged: a guide of one channel with 16 bits, a target in colour with 8.
void AddGuideNote(const std::string& guide, const Upsampler& upsampler,
                  std::vector<FileNote>& notes);
void AddShapeNote(const FrameNames& names, PixelSize guide, PixelSize target,
                  const Placement& placement, std::vector<FileNote>& notes);
void AddOrderNote(const FrameNames& names, const ConstFrame& guide, const ConstFrame& target,
                  std::vector<FileNote>& notes);

// The mask of this name, of colours that are all grey the grey; empty where the name is. Throws
// Error, naming the file, where it has several channels.
FrameBuffer ReadMaskFrame(const std::string& path);
// Throws Error, naming the mask's file, where there is a mask that has not the target's size.
void CheckMaskSize(const std::string& path, const ConstFrame& mask, PixelSize target);

// Adds what was found in a target with so many pixels.
void AddFindings(const UpsampledFrame& found, std::int64_t pixels, TargetFindings& findings);

// Confidence as values of this type: 1 is the largest of integers.
FrameBuffer ConfidenceFrame(const Image& confidence, SampleType type);

// The type of results in a file of this name: the target's where its format holds that, else
// float32, or uint16 for floats. Throws Error where neither fits.
SampleType ResultTypeIn(const std::string& path, SampleType target);

// What an upsampler keeps for the next frame.
enum class MemoryAfter { kKept, kFreed };

// Upsamples into the frame's files; both are written or none. The guide is set. The result that it
// gives has no images.
UpsampledFrame UpsampleInto(const FrameNames& files, PixelSize guide, const ConstFrame& target,
                            const ConstFrame& mask, Upsampler& upsampler, MemoryAfter memory);

// UpsampleFiles for frames whose files are known, by the methods of `like`, which was made with the
// task's options and the wish for confidence that the frames have: several calls make them once. A
// guide of all frames that cannot be read is a failure of each.
FilesResult UpsampleFrames(const std::vector<FrameFiles>& frames, const FileTask& task,
                           const Upsampler& like);

// What the program holds beside frames, for a bound of memory that is the process's: its libraries,
// a network's weights and the machine code made for it. (The command with fdkn_x8 and a tiny image:
// 32 to 40 MB; with dkn_x8 36 to 47 MB.)
inline constexpr std::size_t kProgramBytes = 50'000'000;

}  // namespace dkn

#endif  // DKN_SRC_IO_TASK_FILES_H_
