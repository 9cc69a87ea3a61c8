#ifndef DKN_SRC_IO_NAMED_FILE_H_
#define DKN_SRC_IO_NAMED_FILE_H_

#include <string>

namespace dkn {

// A file or folder, and what of it is meant.
struct NamedFile {
  std::string file;
  std::string name;  // empty: the path had none
};

// "depths.npz:left" is the array left of depths.npz, where that exists and nothing of the whole
// name does.
NamedFile SplitName(const std::string& path);

}  // namespace dkn

#endif  // DKN_SRC_IO_NAMED_FILE_H_
