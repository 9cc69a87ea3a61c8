#ifndef DKN_REGISTRY_H_
#define DKN_REGISTRY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dkn/export.h"
#include "dkn/filter_parameter.h"
#include "dkn/joint_filter.h"
#include "dkn/model.h"

namespace dkn {

class Model;

struct FilterInfo {
  std::string name;
  std::string summary;  // one line
  std::vector<FilterParameter> parameters;
};

// The methods that need no model file, with their parameters.
DKN_EXPORT std::vector<FilterInfo> ListFilters();

// Where model files are looked for by name, first hit first: the folder in the environment variable
// DKN_MODELS; the models installed with the file that the library's code is in, the shared library
// or the program that it is linked into, seen from that file's place (../share/dkn/models from
// PREFIX/bin and PREFIX/lib); and those of the prefix that the library was built for.
DKN_EXPORT std::vector<std::string> ModelFolders();

// Names of the model files in those folders, without ".safetensors", sorted.
DKN_EXPORT std::vector<std::string> ListModels();

struct ChosenMethod {
  std::string name;
  std::string reason;  // one line; empty for a network at about the ratio it was trained for
  // Whether it should change values by no more than their noise: Upsampler limits it then to three
  // standard deviations, or a five-hundredth of the range where that is more, and fills holes by
  // the guide alone.
  bool only_noise = false;
};

// What a method is chosen by.
struct TargetTraits {
  double scale = 1.0;  // pixels of the guide for one of the target, along a side
  // The standard deviation of the noise where the target is smoothest, as a share of its range.
  double noise = 0.0;
  int channels = 1;  // several: a picture, else a map
  // The share of its edges on which a value lies between both sides, as averages leave it on most
  // of them; 1 where that cannot be told.
  double blended = 1.0;
};

// What to upsample by when nothing is asked for: fdkn_any below a scale of 3.4, and above where the
// noise is more than 0.00045 `scale`, or where less than 0.7 of the edges are blended; but up
// to 1.2 for pictures, of three channels, fdkn_photo, and for other targets of several channels, or
// maps without fdkn_any, fdkn_denoise. Else from 3.4 on, or 2.9 without fdkn_any, the one of
// fdkn_x4, fdkn_x8 and fdkn_x16 whose scale is nearest in its logarithm; else bicubic
// interpolation. All as far as they are among `models`. Throws MethodError where a network is
// called for and there is none.
DKN_EXPORT ChosenMethod ChooseUpsamplingMethod(
    const TargetTraits& target, const std::vector<std::string>& models = ListModels());

// Settings from text, "sigma_color=0.1,radius=2": what --set takes. Throws ArgumentError where it
// is none, and where a name is set twice.
DKN_EXPORT FilterSettings ParseSettings(const std::string& text);

// A joint filter by its name ("bicubic"), by the name of a shipped model ("fdkn_x8"), or from a
// model file (anything with a '/' or ending in ".safetensors"): a Model, or a learned filter of
// others (docs/rivals.md). Throws MethodError when there is none; for a name, the message lists
// those there are. `settings` are of the parameters that ListFilters tells, or that the filter of
// others has: MethodError for a parameter or value that the method does not have.
DKN_EXPORT std::unique_ptr<JointFilter> CreateFilter(const std::string& name_or_file,
                                                     const NetworkOptions& options = {},
                                                     const FilterSettings& settings = {});

// Makes a network as CreateFilter does, for what only ours can do (dkn/model.h). Throws MethodError
// for a method that is none of our networks, too.
DKN_EXPORT std::unique_ptr<Model> LoadModel(const std::string& name_or_file,
                                            const NetworkOptions& options = {});

// What a network takes.
struct NetworkCost {
  std::int64_t parameters = 0;  // trained values, running statistics left out
  // Multiplications and additions of its convolutions for one target channel of a frame, those of
  // padding zeros included.
  double operations = 0.0;
  bool operator==(const NetworkCost&) const = default;
};

// None for a filter without a model file. Throws Error as CreateFilter does.
DKN_EXPORT std::optional<NetworkCost> CostOf(const std::string& name_or_file, int width, int height,
                                             const NetworkOptions& options = {},
                                             const FilterSettings& settings = {});

// The path that CreateFilter would load; empty for a filter without a model file.
DKN_EXPORT std::string FindModelFile(const std::string& name_or_file);

}  // namespace dkn

#endif  // DKN_REGISTRY_H_
