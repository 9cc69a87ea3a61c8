#ifndef DKN_UPSAMPLE_FILES_H_
#define DKN_UPSAMPLE_FILES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dkn/export.h"
#include "dkn/upsampler.h"

// `dkn upsample` and `dkn filter` for programs: Upsampler between files, folders and streams. With
// UpsampleOptions::same_size targets are their own guides (UpsamplerOptions::own_guide) where guide
// and target are one file, folder, pattern or stream; where the options say so, the guide's name is
// not looked at.
namespace dkn {

// How guides and targets of many frames belong together where names do not tell it.
struct FramePairing {
  // A list of files, two on each line, as TUM's associations.txt; guide and target are the folders
  // they lie in. Empty: there is none.
  std::string associations = {};
  // Seconds. Guide and target are folders whose files are named by times, or lists (.txt) of times
  // and files, as TUM's rgb.txt: each target has the nearest guide, at most so far away.
  std::optional<double> max_time = {};
};

// Where frames come from and go to: files; of many frames folders or patterns, the guide being one
// picture or many; of raw streams files, named pipes, devices or "-" for a standard stream.
struct FrameNames {
  std::string guide;
  std::string target;
  std::string output;
  std::string confidence = {};  // empty: none is written
  FramePairing pairing = {};    // of many frames that are no patterns
};

// What is done with each frame: results and confidences are written together or not at all, in the
// target's type where the output's format holds it, else in one that UpsamplerOptions::step leads
// to. A confidence of 1 is the largest value of an integer format.
struct FileTask {
  UpsamplerOptions options = {};  // `result_type` and the wish for confidence follow the files
  std::string packed = {};        // how targets are packed (ReadOptions::packed); empty: not
  // An image, 0 where targets have holes (UpsamplerOptions::mask_at_least, soft_mask), for all
  // frames; of folders or patterns of frames one for each too; of raw streams, where its name does
  // not end as images' do, a stream of "gray" frames of the target's size, one for each ("-": each
  // behind its target). Empty: there is none.
  std::string mask = {};
};

// What reading a file did not keep as the file has it (ReadOptions::notes), a guide's range that
// was changed, and a target of another shape than the guide.
struct FileNote {
  std::string file;  // the first of `files`
  std::string note;
  int files = 1;  // of which this is so
};

// Pixels of targets.
struct PixelShare {
  int frames = 0;           // that have such pixels
  std::int64_t pixels = 0;  // such ones
  std::int64_t all = 0;     // of these frames
  double percent() const {
    return all == 0 ? 0.0 : 100.0 * static_cast<double>(pixels) / static_cast<double>(all);
  }
};

// What targets were taken for, told by no option: see UpsampledFrame.
struct TargetFindings {
  PixelShare zero_holes;
  PixelShare zero_values;
  PixelShare lone;
  std::vector<float> lone_values = {};  // of all frames, the smaller first
};

// One image, or one raw frame (`raw` as for ParseRawFormat; else empty), into an image. Throws
// Error as Upsampler does, where a file cannot be read or written or would take the place of
// another (files count, not their names), and where one thing is guide and target though neither a
// method is named nor targets may be their own guides.
struct FileResult {
  std::vector<MethodChoice> choices;  // none where the options name a method
  int holes = 0;                      // pixels of the target without measurement
  double holes_percent = 0.0;
  double residual = 0.0;  // UpsampledFrame::residual
  int wild_values = 0;    // UpsampledFrame::wild_values
  float wildest_value = 0.0f;
  std::vector<FileNote> notes = {};
  TargetFindings findings = {};
};
DKN_EXPORT FileResult UpsampleFile(const FrameNames& names, const FileTask& task,
                                   const std::string& raw = "");

struct FileFailure {
  std::string frame;  // the target's file name without its folder
  std::string reason;
};

struct FilesResult {
  int frames = 0;  // that there were
  std::vector<FileFailure> failures;
  std::vector<MethodChoice> choices;
  int wild_frames = 0;           // frames that have wild values
  std::int64_t wild_values = 0;  // UpsampledFrame::wild_values, of all frames
  float wildest_value = 0.0f;
  std::vector<FileNote> notes = {};  // of each text one
  TargetFindings findings = {};
};

// Is told, whenever a frame is done, how many of all frames are; calls do not overlap.
using FramesDone = std::function<void(int done, int total)>;

// Upsamples many frames, each into a file of its own. Results are those of UpsampleFile, frame by
// frame, but methods are made once, and several frames are in flight, on one thread each, where the
// bound of memory (half of what is free where there is none) allows; larger ones than the first
// have it for themselves. A frame that fails stops no other. Folders of results are made. Throws
// Error where the names fit nothing.
//   folders   a guide, a target and a mask belong together when their names without ending are
//             equal, or guide and target as FrameNames::pairing says; targets without a guide
//             are failures then as now, but those that no line or no time pairs are left out
//             and told in the notes
//   patterns  as depth_%04d.png; with `first` and `last` every number between must exist
DKN_EXPORT FilesResult UpsampleFiles(const FrameNames& names, const FileTask& task,
                                     std::optional<int> first = std::nullopt,
                                     std::optional<int> last = std::nullopt,
                                     const FramesDone& progress = {});

// Whether a name is meant as a pattern: it holds a '%', and no file of exactly this name exists.
DKN_EXPORT bool IsFramePattern(const std::string& target);
// Whether the target's name stands for many frames: a folder or a pattern.
DKN_EXPORT bool AreManyFrames(const std::string& target);
// Whether the name ends as those of images do: .png, .npy ..., in any case.
DKN_EXPORT bool HasImageEnding(const std::string& path);

struct StreamResult {
  std::vector<MethodChoice> choices;
  std::vector<FileNote> notes = {};
};

// Frames as they come, `raw` telling their sizes and pixel formats: "640x480,grayf32le" of targets,
// "640x480,gray16le:1280x720,rgb24" of targets and guides, the formats (ffmpeg's names) being those
// two where they are left out. Each is written, in the target's format (unpacked ones as uint16 or
// float32) at the guide's size, as soon as it is done; meanwhile the next one is read, and no
// further one. Confidence is uint16, 65535 for 1, and follows its frame. Throws Error, before
// anything is written, where two of the streams are one file, and after all whole frames have been
// written where a stream ends within a frame or before another one, or there is none, and where the
// reader of an output has gone, at once though no frame may come; and after all frames, where
// cameras are given and none of them lay in the picture's view. Ignores SIGPIPE from then on.
DKN_EXPORT StreamResult UpsampleStream(const FrameNames& streams, const FileTask& task,
                                       const std::string& raw);

}  // namespace dkn

#endif  // DKN_UPSAMPLE_FILES_H_
