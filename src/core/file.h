#ifndef DKN_SRC_CORE_FILE_H_
#define DKN_SRC_CORE_FILE_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "src/core/bytes.h"

namespace dkn {

// A whole file's bytes. Throws Error, which names the file, unless it is a plain file that can be
// read, is not empty and has at most `max_size` bytes; no memory is taken for one that has more.
std::vector<std::uint8_t> ReadFileBytes(
    const std::string& path, std::uint64_t max_size = std::numeric_limits<std::uint64_t>::max());

// The file that a name stands for: symbolic links are followed, also to a file that does not exist.
// Throws Error where they lead in a circle.
std::string FollowLinks(const std::string& path);

// Writes the file whole or not at all: into a new file in the same folder, which is on the disk
// before it takes the name, and is removed when anything fails. Of a symbolic link that is the file
// it leads to; the link stays. Throws Error, which names the file, also for a device or a pipe.
void WriteFileBytes(const std::string& path, Bytes bytes);

// Throws Error as WriteFileBytes would where the name is a folder's, a device's or a pipe's, or its
// folder does not exist or takes no file.
void CheckPlaceForFile(const std::string& path);

struct FileContent {
  std::string path;
  std::vector<std::uint8_t> bytes;
};

// Writes files that belong together, each whole or not at all, and none takes its name before all
// of them are on the disk. Throws Error, which names the one that failed.
void WriteFilesBytes(std::span<const FileContent> files);

// Waits until no WriteFileBytes is at work; from then on every call of it waits for ever. For a
// program that is about to end, so that it leaves no temporary file behind.
void StopWriting();

// Writes the text's bytes as WriteFileBytes does.
void WriteFileText(const std::string& path, const std::string& text);

}  // namespace dkn

#endif  // DKN_SRC_CORE_FILE_H_
