#ifndef DKN_CLI_UPSAMPLE_FRAMES_H_
#define DKN_CLI_UPSAMPLE_FRAMES_H_

#include <optional>
#include <string>
#include <vector>

#include "cli/upsampling.h"
#include "src/io/frame_files.h"

namespace dkn {

// Upsamples each frame into a file of its own, the same as one by one: methods are made once, and
// several frames are in flight, on one thread each, where the bound of memory (half of what is free
// where there is none) allows; larger ones than the first have it for themselves. A frame that
// fails stops no other; in the end each is told on standard error, by name, and Error tells how
// many. Makes the folders of the results. Shows progress.
void UpsampleFrames(const std::vector<FrameFiles>& frames, const UpsamplingTask& task);

}  // namespace dkn

#endif  // DKN_CLI_UPSAMPLE_FRAMES_H_
