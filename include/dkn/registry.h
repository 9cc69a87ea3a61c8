#ifndef DKN_REGISTRY_H_
#define DKN_REGISTRY_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dkn/joint_filter.h"
#include "dkn/precision.h"

namespace dkn {

class Model;

struct FilterInfo {
  std::string name;
  std::string summary;  // one line
};

// The methods that need no model file, by name.
std::vector<FilterInfo> ListFilters();

// Where model files are looked for by name, first hit first: the folder in the environment variable
// DKN_MODELS, ../share/dkn/models beside the running program, the installed models, and those of
// the source tree.
std::vector<std::string> ModelFolders();

// Names of the model files in those folders, without ".safetensors", sorted.
std::vector<std::string> ListModels();

// The name of the model to upsample by when none is asked for: of those of fdkn_x4, fdkn_x8 and
// fdkn_x16 that are among `models`, the one trained for the scale nearest to `scale` (pixels of the
// guide for one of the target, along a side) in its logarithm. Throws Error when there is none.
std::string ChooseUpsamplingModel(double scale,
                                  const std::vector<std::string>& models = ListModels());

// How a network is made; other methods have no such options and refuse all but the defaults.
struct NetworkOptions {
  // JSON object with the fields of Architecture that differ from their defaults
  // (docs/model_format.md), for models of other origin: what the file says of itself is not read.
  // Empty: what the file says.
  std::string architecture = "";
  std::optional<Precision> precision = Precision::kFp32;  // these three: see ModelOptions
  int max_memory_mb = 0;
  double max_rmse_change_percent = 0.5;
};

// A joint filter by its name ("bicubic"), by the name of a shipped model ("fdkn_x8"), or from a
// model file (anything with a '/' or ending in ".safetensors"). Throws Error when there is none;
// for a name, the message lists those there are.
std::unique_ptr<JointFilter> CreateFilter(const std::string& name_or_file,
                                          const NetworkOptions& options = {});

// The same for networks alone, for what only they can do (dkn/model.h). Throws Error for the name
// of a method that is none.
std::unique_ptr<Model> LoadModel(const std::string& name_or_file,
                                 const NetworkOptions& options = {});

// The path that CreateFilter would load; empty for a filter without a model file.
std::string FindModelFile(const std::string& name_or_file);

}  // namespace dkn

#endif  // DKN_REGISTRY_H_
