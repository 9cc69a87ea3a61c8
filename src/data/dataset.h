#ifndef DKN_SRC_DATA_DATASET_H_
#define DKN_SRC_DATA_DATASET_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dkn/image.h"

namespace dkn {

// One image of a data set.
struct Sample {
  Image guide;                 // 1 or 3 channels in [0, 1], the truth's size
  Image truth;                 // in the set's unit; NaN where it is not known
  std::optional<Image> input;  // the low-resolution measurement that comes with the set, in the
                               // same unit; NaN where it has none
  Image near_edges = {};       // 1 where a pixel lies near a depth edge, else 0, where the set says
                               // so; empty: the truth tells (src/eval/depth_edges.h)
};

// docs/datasets.md tells what each layout expects on disk.
struct DatasetOptions {
  std::string layout = "pairs";       // one of DatasetLayouts()
  std::string path;                   // a folder or a file
  double unit_per_step = 1.0;         // units for one step of the truth's files; floats: for 1.0
  int scale = 0;                      // of the inputs that come with the set, where it has several
  std::optional<float> invalid = {};  // a stored value that means "not known"; one that is not
                                      // finite always does
  std::string split = {};             // where the layout has several; empty: the layout's first
};

// A data set on disk. Several threads may use one at once.
class Dataset {
 public:
  virtual ~Dataset() = default;

  virtual std::size_t size() const = 0;  // at least 1
  // For tables and messages: unique within the set, the same on every machine. i < size().
  virtual const std::string& Name(std::size_t i) const = 0;
  // Throws Error, which names the file, when it cannot be read or holds something else.
  virtual Sample Read(std::size_t i) const = 0;
  // The files that Read(i) reads.
  virtual std::vector<std::string> Files(std::size_t i) const = 0;
};

// Throws Error when the layout or the split is unknown (it lists the known ones), an option has no
// meaning, or `path` does not fit the layout (it tells what was looked for and what was found).
std::unique_ptr<Dataset> OpenDataset(const DatasetOptions& options);

// The names that DatasetOptions::layout takes, in the order of docs/datasets.md.
std::vector<std::string> DatasetLayouts();

// A colour image and the depth map that belongs to it.
struct ImagePair {
  std::string name;   // NAME in NAME_color.png and NAME_depth.png
  std::string color;  // path
  std::string depth;  // path
};

// The pairs NAME_color.png (or .jpg) and NAME_depth.png of a folder, sorted by name; other files do
// not count. Throws Error when the folder cannot be read or holds no pair, and naming the file when
// half of a pair is missing. The layout "pairs" is made of them.
std::vector<ImagePair> ListPairs(const std::string& folder);

}  // namespace dkn

#endif  // DKN_SRC_DATA_DATASET_H_
