#ifndef DKN_SRC_EVAL_DATASET_H_
#define DKN_SRC_EVAL_DATASET_H_

#include <string>
#include <vector>

namespace dkn {

// A colour image and the depth map that belongs to it.
struct ImagePair {
  std::string name;   // NAME in NAME_color.png and NAME_depth.png
  std::string color;  // path
  std::string depth;  // path
};

// The pairs NAME_color.png (or .jpg) and NAME_depth.png of a folder, sorted by name; other files do
// not count. Throws Error when the folder cannot be read or holds no pair, and naming the file when
// half of a pair is missing.
std::vector<ImagePair> ListPairs(const std::string& folder);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_DATASET_H_
