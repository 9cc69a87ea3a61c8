#ifndef DKN_SRC_IO_FRAME_FILES_H_
#define DKN_SRC_IO_FRAME_FILES_H_

#include <optional>
#include <string>
#include <vector>

#include "dkn/upsample_files.h"

namespace dkn {

// A file's name with a number in it, as of ffmpeg and other programs: "depth_%04d.png". The text is
// never given to printf.
class FramePattern {
 public:
  // Throws Error unless `text` has exactly one '%', in the file's name (not in a folder's), which
  // begins %d or %0Nd, N from 1 to 9: the number with at least N digits.
  explicit FramePattern(const std::string& text);

  // The file of a number, 0 or more.
  std::string Path(int number) const;
  // The numbers below 10^9 of the files that exist, ascending. Throws Error when the folder cannot
  // be read.
  std::vector<int> Numbers() const;

 private:
  std::string Digits(int number) const;

  std::string before_;  // the number
  std::string after_;
  std::size_t digits_ = 1;  // at least
};

// Whether both names lead to one file or folder, or would; links are followed.
bool SameFile(const std::string& a, const std::string& b);

// The files of one frame.
struct FrameFiles {
  std::string name;  // for messages: the target's file name without its folder
  std::string guide;
  std::string target;
  std::string output;
  std::string confidence = {};  // empty: none is written
  std::string mask = {};        // empty: there is none
  std::string problem =
      {};  // why there is nothing to do, such as a guide that is missing; or empty
};

// The folder's images, sorted: names that end as those of images do and do not begin with a dot.
// Throws Error when the folder cannot be read.
std::vector<std::string> ImagesIn(const std::string& folder);

// The files that are made of a target of this name in the folders of results; `name` is its name.
FrameFiles ResultsOf(const FrameNames& names, const std::string& file);

// Throws Error where the names' pairing, or limits of numbers (`limits`), are not for these frames,
// which are several files or not (`many`).
void CheckPairing(const FrameNames& names, bool many, bool limits);

// Throws Error where the folders of results, if there is one, are not folders of their own.
void CheckFolders(const FrameNames& names);

// Gives each frame the mask of its name's stem in the folder `mask`, or else this picture; a frame
// without one has a problem. An empty name: there is none.
void FindMasks(const std::string& mask, std::vector<FrameFiles>& frames);

// Throws Error where a file that is made would take the place of another one, or of what is read,
// and, unless targets may be their own guides, where a guide is its target.
void CheckApart(const std::vector<FrameFiles>& frames, bool own_guides);

// Frames of patterns, all of guide and mask (or one picture's name for all frames), target, output
// and confidence being patterns; an empty name of a mask: there is none, of an output: frames are
// only read. With `first` and `last`:
// every number from first to last, whether it exists or not (at most 10^6). Else the targets that
// exist, from `first` or up to `last` where given; those without a guide have a problem. Throws
// Error when there is none, and where a file that is made would take the place of another one of
// these, made or read, or (without `own_guides`) a guide is the target.
std::vector<FrameFiles> PatternFrames(const FrameNames& names, std::optional<int> first,
                                      std::optional<int> last, const std::string& mask = "",
                                      bool own_guides = false);

// Frames of folders: a guide, a target and a mask belong together when their stems, the names
// without the last ending, are equal, "0007.jpg" and "0007.png". Guide and mask may be one picture
// for all frames.
// Files that begin with a dot, and those without an ending of an image (.png .jpg .jpeg .tif .tiff
// .exr .pfm .npy .npz .dpt .pbm .pgm .ppm .pnm .bmp .webp, in any case), do not count. Guides and
// masks without a target are left alone; targets without a guide or a mask have a problem. A result
// has its target's name in the folder `output` (with .npy for .npz and .dpt, .png for .pbm, .pgm,
// .ppm, .pnm, .bmp and .webp), and so has its confidence in that folder; both are folders of their
// own. "FOLDER:NAME" means NAME in each of its files, as "depth_%04d.npz:NAME" of a pattern does.
// In the order of names. Throws Error when there is no target, a folder cannot be read, two files
// of one folder have the same stem, and where a file that is made would take the place of one that
// is read, or (without `own_guides`) a guide is the target.
std::vector<FrameFiles> FolderFrames(const FrameNames& names, const std::string& mask = "",
                                     bool own_guides = false);

}  // namespace dkn

#endif  // DKN_SRC_IO_FRAME_FILES_H_
