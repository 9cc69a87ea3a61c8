#ifndef DKN_SRC_IO_TIMED_FRAMES_H_
#define DKN_SRC_IO_TIMED_FRAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dkn/upsample_files.h"
#include "src/io/frame_files.h"

// Frames of cameras that take pictures and depth at times of their own.
namespace dkn {

// The time, in nanoseconds, that a name without ending tells: its longest number, with a point, or
// of 10 digits with '_' or '-' and 1 to 9 more, in seconds ("1305031102.175304"). A number without
// a fraction is, as its digits make it a time of our days, nanoseconds (18 or 19 digits),
// microseconds (15 to 17), milliseconds (12 to 14), else seconds. None where there is no number, or
// one beyond 64 bits.
std::optional<std::int64_t> TimeInName(std::string_view stem);

// A line of a list in which files belong together: the two of its words that end as images do, in
// the line's order ("time file time file", more words or fewer).
struct Association {
  std::string first;
  std::string second;
};
// Words end at blanks and commas; empty lines and those that begin with '#' are left out. Throws
// Error, with its number, for a line that has another number of files.
std::vector<Association> ParseAssociations(const std::string& text);

struct TimedFile {
  std::int64_t time = 0;  // nanoseconds
  std::string file;
};
// A list of "time file", as TUM's rgb.txt. Throws Error as ParseAssociations, and where a line
// does not begin with a time.
std::vector<TimedFile> ParseTimes(const std::string& text);

// Frames of the list names.pairing.associations: which file of a line is the guide, and where they
// lie, the folders GUIDE and TARGET tell; else the first is the guide, and names are relative to
// the list's folder. Results as of FolderFrames. Images of TARGET that the list does not name are
// told in the notes. Masks as of FindMasks. Throws Error as FolderFrames and ParseAssociations do.
std::vector<FrameFiles> AssociatedFrames(const FrameNames& names, std::vector<FileNote>& notes,
                                         const std::string& mask = "", bool own_guides = false);

// Frames of two folders whose files' names tell times, or two lists for ParseTimes (.txt, names
// relative to its folder): each target has the guide whose time is nearest (of two the earlier), at
// most names.pairing.max_time away. Masks as of FindMasks. Targets without one are told in the
// notes, and are no frames. Throws Error as FolderFrames and ParseTimes do, where a name tells no
// time, and where no target has a guide.
std::vector<FrameFiles> TimedFrames(const FrameNames& names, std::vector<FileNote>& notes,
                                    const std::string& mask = "", bool own_guides = false);

}  // namespace dkn

#endif  // DKN_SRC_IO_TIMED_FRAMES_H_
