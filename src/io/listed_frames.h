#ifndef DKN_SRC_IO_LISTED_FRAMES_H_
#define DKN_SRC_IO_LISTED_FRAMES_H_

#include <string>
#include <vector>

#include "src/io/frame_files.h"

namespace dkn {

// A frame that a program names file by file; "FILE:NAME" is one array of a file, as in
// FolderFrames.
struct ListedFrame {
  std::string guide;
  std::string target;
  std::string mask = {};  // empty: there is none
};

// The frames in their order, each under its target's path. Results lie in the folder `output`, and
// confidences in `confidence` (empty: none), under the target's name there (ResultsOf), or, with a
// `root`, under its path below that folder. Throws Error where a target is not in `root`, where two
// files that are made would have one name or the place of one that is read, and where a guide is
// the target.
std::vector<FrameFiles> ListedFrames(const std::vector<ListedFrame>& listed,
                                     const std::string& root, const std::string& output,
                                     const std::string& confidence);

// Whether all that is made of the frame is there. (A file takes its name when it is whole.)
bool IsMade(const FrameFiles& frame);

}  // namespace dkn

#endif  // DKN_SRC_IO_LISTED_FRAMES_H_
