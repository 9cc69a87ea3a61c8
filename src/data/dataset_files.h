#ifndef DKN_SRC_DATA_DATASET_FILES_H_
#define DKN_SRC_DATA_DATASET_FILES_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dkn/image.h"
#include "dkn/io.h"
#include "src/data/dataset.h"

// What layouts whose images are files of their own share.
namespace dkn {

// The names of what lies in a folder, sorted. Throws Error when it cannot be read.
std::vector<std::string> ListFolder(const std::string& folder);

// "FOLDER/NAME".
std::string InFolder(const std::string& folder, const std::string& name);

// False, too, for what cannot be looked at.
bool IsFolder(const std::string& path);
bool IsThere(const std::string& path);

// NAME when `file` is NAME + `ending` and NAME is not empty.
std::optional<std::string> WithoutEnding(std::string_view file, std::string_view ending);

// What the Error says of a folder that holds no `expected`: that, and what it does hold.
[[noreturn]] void RefuseFolder(const std::string& folder, const std::string& expected,
                               const std::vector<std::string>& found);

// Values as stored become values in the set's unit; NaN where they are not finite or
// options.invalid.
void ToUnit(View values, const DatasetOptions& options);

// Throws Error, which names `truth_name` and `guide_name`, unless both have one size.
void CheckSameSize(ConstView guide, const std::string& guide_name, ConstView truth,
                   const std::string& truth_name);

// The files of one Sample.
struct SampleFiles {
  std::string name;
  std::string guide;
  std::string truth;
  std::string input = {};      // empty: none
  int input_scale = 0;         // the truth's size is this many times the input's; 0: not checked
  std::string also_read = {};  // a file that ReadValues looks at besides; empty: none
};

// Reads a truth or an input, as stored.
using ReadValues = std::function<Image(const std::string& path)>;

// ReadImage without the type.
Image ReadStored(const std::string& path);

// The set of these samples: guides by ReadGuide, truths and inputs by `read` and ToUnit.
std::unique_ptr<Dataset> DatasetOfFiles(std::vector<SampleFiles> samples,
                                        const DatasetOptions& options,
                                        ReadValues read = ReadStored);

// The set of these samples, whose truths are labels (ReadLabels), NaN where they are `unknown`.
// Throws Error where the options give labels a unit.
std::unique_ptr<Dataset> DatasetOfLabels(std::vector<SampleFiles> samples,
                                         const DatasetOptions& options, int unknown);

}  // namespace dkn

#endif  // DKN_SRC_DATA_DATASET_FILES_H_
