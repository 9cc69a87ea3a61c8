#ifndef DKN_SRC_IO_OWN_GUIDES_H_
#define DKN_SRC_IO_OWN_GUIDES_H_

#include <string>

#include "dkn/frame.h"
#include "dkn/upsample_files.h"
#include "src/io/raw_format.h"

// Where one thing is guide and target: a mistake of upsampling, and a target that is its own guide
// of filtering.
namespace dkn {

// Throws Error where one thing in one file is guide and target. Of OpenEXR without a name, of which
// they are the colours and the depth, what was read tells.
void CheckGuideIsNoTarget(const std::string& guide, const std::string& target);
// The same by what was read: frames without gaps.
void CheckGuideIsNoTarget(const FrameNames& names, const ConstFrame& guide,
                          const ConstFrame& target);

// Whether the target of a task at one size (UpsampleOptions::same_size) is its own guide, as
// UpsamplerOptions::own_guide says or because one thing in one file is both. An OpenEXR without a
// name is read for it; what cannot be read will tell.
bool IsOwnGuide(const std::string& guide, const std::string& target, const FileTask& task);
// The same of raw frames: "-" may be both, too, where no guide is in the stream.
bool IsOwnGuide(const FrameNames& streams, const RawFormat& format, const FileTask& task);

}  // namespace dkn

#endif  // DKN_SRC_IO_OWN_GUIDES_H_
